using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace IdentityProvider.Logout;

/// <summary>Takes an end-session request that the library found valid, or the person's own wish to sign out, and says what the browser gets.</summary>
internal sealed class EndSessionEndpoint(
    PresentedSessions presented, SessionRegistry sessions, LogoutTelling telling, LogoutRequests requests, PairwiseSubjects subjects, AuditLog audit)
{
    /// <summary>A client sent the person here (RP-Initiated Logout §2).</summary>
    public async Task<LogoutStep> HandleAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("This address is reached through the protocol pipeline.");
        var session = await presented.FindAsync(http);

        if (session is null && HttpMethods.IsPost(http.Request.Method))
        {
            // A form posted from another site comes without our Lax cookies: whose session this would end is not known yet, and a hint
            // of anybody's would do. Continuing by GET on our own origin brings the cookies.
            return new LogoutStep.Again(Parameters(request));
        }

        // The library has verified the signature and the issuer and that the hint belongs to the client; it may have expired (§2).
        // Of a hint that is false it makes a principal too, of nobody.
        var hint = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        if (hint?.GetClaim(ClaimNames.Subject) is { } subject
            && (session is null || await subjects.MeansAsync(subject, session.UserId, session.Subject, cancellationToken)))
        {
            var then = new LogoutRequest(request.ClientId ?? hint.GetAudiences().FirstOrDefault(), request.PostLogoutRedirectUri, request.State);
            var (query, tellsClients) = await EndAsync(http, session, SessionEndReason.LoggedOutByClient, then, cancellationToken);
            return tellsClients ? new LogoutStep.TellClients(query) : new LogoutStep.Done(query);
        }

        // Without a genuine hint, whoever made the link may be anybody: the person decides, and an address to go to afterwards
        // counts only when its client named itself and did not send a hint that is false.
        var trusted = string.IsNullOrEmpty(request.IdTokenHint) && request.ClientId is not null;
        var asked = new LogoutRequest(request.ClientId, trusted ? request.PostLogoutRedirectUri : null, trusted ? request.State : null);
        return session is null
            ? new LogoutStep.SignedOutPage(QueryString.Empty)
            : new LogoutStep.Ask("/logout?request=" + Uri.EscapeDataString(requests.Seal(asked)));
    }

    /// <summary>The person confirmed.</summary>
    public async Task<LogoutStep> ConfirmAsync(HttpContext http, string? sealedRequest, CancellationToken cancellationToken)
    {
        var asked = requests.Open(sealedRequest);
        var (query, tellsClients) = await EndAsync(http, await presented.FindAsync(http), SessionEndReason.SignedOut, asked, cancellationToken);
        if (tellsClients)
        {
            return new LogoutStep.TellClients(query);
        }

        return await telling.ReturnAsync(asked, cancellationToken) is { } back ? new LogoutStep.Leave(back.Address) : new LogoutStep.SignedOutPage(query);
    }

    private static QueryString Parameters(OpenIddictRequest request) => QueryString.Create(new Dictionary<string, string?>
    {
        [OpenIddictConstants.Parameters.IdTokenHint] = request.IdTokenHint,
        [OpenIddictConstants.Parameters.ClientId] = request.ClientId,
        [OpenIddictConstants.Parameters.PostLogoutRedirectUri] = request.PostLogoutRedirectUri,
        [OpenIddictConstants.Parameters.State] = request.State,
        [OpenIddictConstants.Parameters.UiLocales] = request.UiLocales,
    }.Where(parameter => !string.IsNullOrEmpty(parameter.Value)));

    private async Task<(QueryString Telling, bool TellsClients)> EndAsync(
        HttpContext http, CurrentSession? session, SessionEndReason reason, LogoutRequest? then, CancellationToken cancellationToken)
    {
        if (session is not null)
        {
            audit.Record(AuditEventType.SignOut, succeeded: true, session.Subject, then?.ClientId, session.Sid);
        }

        await sessions.EndCurrentAsync(http, reason, cancellationToken);
        return await telling.TellAsync(session, then, cancellationToken);
    }
}
