using System.Diagnostics;
using IdentityProvider.Logout;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Pages.Connect;

/// <summary>What the browser of somebody who has signed out gets, wherever they did it.</summary>
internal static class SignedOut
{
    public static IActionResult Answer(HttpContext http, LogoutStep step) => step switch
    {
        LogoutStep.Leave leave => SeeOther.ToClient(leave.Address),
        LogoutStep.TellClients tell => SeeOther.ToEndpoint(http, LogoutStep.LoggedOutPage, tell.Telling),
        LogoutStep.SignedOutPage signedOut => SeeOther.ToEndpoint(http, LogoutStep.LoggedOutPage, signedOut.Telling),
        _ => throw new UnreachableException($"Unhandled step {step}."),
    };
}
