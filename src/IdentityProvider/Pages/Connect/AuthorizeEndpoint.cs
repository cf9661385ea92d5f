using System.Diagnostics;
using IdentityProvider.Authorize;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server.AspNetCore;

namespace IdentityProvider.Pages.Connect;

/// <summary>
/// The authorization endpoint, behind the library's own validation. No page, for it shows nothing: it is answered by a redirect or by the protocol pipeline.
/// A client's site posts here too; what protects it is that nothing happens without the person's answer on our own pages.
/// </summary>
internal static class AuthorizeEndpoint
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void MapAuthorize(this IEndpointRouteBuilder endpoints) => endpoints.Map(Endpoints.Authorization, HandleAsync);

    private static async Task HandleAsync(HttpContext http)
    {
        var endpoint = http.RequestServices.GetRequiredService<AuthorizationEndpoint>();
        switch (await endpoint.HandleAsync(http, http.RequestAborted))
        {
            case AuthorizationStep.Issue issue:
                await http.SignInAsync(Scheme, issue.Principal);
                break;
            case AuthorizationStep.Refuse refuse:
                await http.ForbidAsync(Scheme, ErrorProperties(refuse));
                break;
            case AuthorizationStep.GoTo page:
                SeeOther.Send(http, page.Path);
                break;
            case var other:
                throw new UnreachableException($"Unhandled step {other}.");
        }
    }

    private static AuthenticationProperties ErrorProperties(AuthorizationStep.Refuse refuse) => new(new Dictionary<string, string?>
    {
        [OpenIddictServerAspNetCoreConstants.Properties.Error] = refuse.Error,
        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = refuse.Description,
    });
}
