using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace IdentityProvider.Logout;

/// <summary>Takes an end-session request that the library found valid, or the person's own wish to sign out, and says what the browser gets.</summary>
internal sealed class EndSessionEndpoint(
    SessionRegistry sessions, LogoutRequests requests, ClientCatalog clients, PairwiseSubjects subjects, FrontChannelLogout frontChannel, AuditLog audit)
{
    /// <summary>A client sent the person here (RP-Initiated Logout §2).</summary>
    public async Task<LogoutStep> HandleAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("This address is reached through the protocol pipeline.");
        var session = await sessions.FindCurrentAsync(http);

        if (session is null && HttpMethods.IsPost(http.Request.Method))
        {
            // A form posted from another site comes without our Lax cookies: whose session this would end is not known yet, and a hint
            // of anybody's would do. Continuing by GET on our own origin brings the cookies.
            return new LogoutStep.Again(Parameters(request));
        }

        // The library has verified the signature and the issuer and that the hint belongs to the client; it may have expired (§2).
        var hint = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        if (hint is not null
            && (session is null || await subjects.MeansAsync(hint.GetClaim(ClaimNames.Subject), session.UserId, session.Subject, cancellationToken)))
        {
            var then = new LogoutRequest(request.ClientId ?? hint.GetAudiences().FirstOrDefault(), request.PostLogoutRedirectUri, request.State);
            await EndAsync(http, session, SessionEndReason.LoggedOutByClient, then.ClientId, cancellationToken);
            return await TellClientsAsync(session, then, cancellationToken) ?? new LogoutStep.Done();
        }

        // Without a genuine hint, whoever made the link may be anybody: the person decides, and an address to go to afterwards
        // counts only when its client named itself and did not send a hint that is false.
        var trusted = string.IsNullOrEmpty(request.IdTokenHint) && request.ClientId is not null;
        var asked = new LogoutRequest(request.ClientId, trusted ? request.PostLogoutRedirectUri : null, trusted ? request.State : null);
        return session is null
            ? new LogoutStep.SignedOutPage()
            : new LogoutStep.Ask("/logout?request=" + Uri.EscapeDataString(requests.Seal(asked)));
    }

    /// <summary>Who asks, for the page that asks the person.</summary>
    public async Task<RegisteredClient?> FindClientAsync(string? sealedRequest, CancellationToken cancellationToken) =>
        requests.Open(sealedRequest)?.ClientId is { } clientId ? await clients.FindAsync(clientId, cancellationToken) : null;

    /// <summary>The person confirmed.</summary>
    public async Task<LogoutStep> ConfirmAsync(HttpContext http, string? sealedRequest, CancellationToken cancellationToken)
    {
        var asked = requests.Open(sealedRequest);
        var session = await sessions.FindCurrentAsync(http);
        await EndAsync(http, session, SessionEndReason.SignedOut, asked?.ClientId, cancellationToken);
        if (await TellClientsAsync(session, asked, cancellationToken) is { } step)
        {
            return step;
        }

        return await frontChannel.ReturnAsync(asked, cancellationToken) is { } back ? new LogoutStep.Leave(back.Address) : new LogoutStep.SignedOutPage();
    }

    private async Task<LogoutStep?> TellClientsAsync(CurrentSession? session, LogoutRequest? then, CancellationToken cancellationToken) =>
        session is not null && await frontChannel.PageForAsync(session.Sid, then, cancellationToken) is { } parameters
            ? new LogoutStep.TellClients(parameters)
            : null;

    private static QueryString Parameters(OpenIddictRequest request) => QueryString.Create(new Dictionary<string, string?>
    {
        [OpenIddictConstants.Parameters.IdTokenHint] = request.IdTokenHint,
        [OpenIddictConstants.Parameters.ClientId] = request.ClientId,
        [OpenIddictConstants.Parameters.PostLogoutRedirectUri] = request.PostLogoutRedirectUri,
        [OpenIddictConstants.Parameters.State] = request.State,
        [OpenIddictConstants.Parameters.UiLocales] = request.UiLocales,
    }.Where(parameter => !string.IsNullOrEmpty(parameter.Value)));

    private async Task EndAsync(HttpContext http, CurrentSession? session, SessionEndReason reason, string? clientId, CancellationToken cancellationToken)
    {
        if (session is not null)
        {
            audit.Record(AuditEventType.SignOut, succeeded: true, session.Subject, clientId, session.Sid);
        }

        await sessions.EndCurrentAsync(http, reason, cancellationToken);
    }
}
