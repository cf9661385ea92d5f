using System.Text.Encodings.Web;
using IdentityProvider.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Sessions;

/// <summary>
/// Makes the session's person the <c>HttpContext.User</c> of our own pages, so that antiforgery tokens are bound to them,
/// and sends a browser without a session to the login page.
/// </summary>
internal sealed class SessionAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, PresentedSessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        await sessions.FindAsync(Context) is { } session
            ? AuthenticateResult.Success(new AuthenticationTicket(
                PrincipalFactory.ForSession(session.Subject, session.Sid, session.DisplayName, SchemeName), SchemeName))
            : AuthenticateResult.NoResult();

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var here = Request.Path + Request.QueryString;
        Response.StatusCode = StatusCodes.Status303SeeOther;
        Response.Headers.Location = Request.PathBase + "/login" + QueryString.Create("return_url", here);
        return Task.CompletedTask;
    }
}
