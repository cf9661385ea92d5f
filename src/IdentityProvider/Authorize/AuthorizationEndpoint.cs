using System.Security.Claims;
using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Consents;
using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Authorize;

/// <summary>Takes a request that the library found valid, and says what the browser gets.</summary>
internal sealed class AuthorizationEndpoint(
    PendingRequests pendingRequests,
    SessionRegistry sessions,
    ConsentLedger consents,
    AuthorizationRegistrations registrations,
    AuditLog audit,
    TimeProvider clock)
{
    public async Task<AuthorizationStep> HandleAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("This address is reached through the protocol pipeline.");
        var pending = RestorePendingRequest.Find(http);

        if (pending is null && HttpMethods.IsPost(http.Request.Method))
        {
            // A form posted from the client's site comes without our Lax cookies. Continuing by GET on our own origin brings them.
            pending = await pendingRequests.StoreAsync(http, request, bound: false, cancellationToken);
            return new AuthorizationStep.GoTo(PageFor(Endpoints.Authorization, pending));
        }

        var session = await sessions.FindCurrentAsync(http);
        var (client, access) = await registrations.ReadAsync(request, cancellationToken);
        var consent = session is null ? null : await consents.FindAsync(session.UserId, client.ClientId, cancellationToken);
        var now = clock.GetUtcNow().UtcDateTime;

        var decision = AuthorizationDecider.Decide(new AuthorizationFacts(
            request.GetPromptValues().ToHashSet(StringComparer.Ordinal),
            request.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            pending?.StartedAt ?? now,
            now,
            session?.AuthenticatedAt,
            pending?.DeniedAt is not null,
            session is not null && await HintedSubjectAsync(http) is { } hinted && hinted != session.Subject,
            pending?.ChosenSessionId is { } chosen && chosen == session?.Sid,
            client.Metadata.IsFirstParty,
            consent?.Covers(access.Scopes) ?? false,
            consent?.GrantedAt));

        switch (decision)
        {
            case AuthorizationDecision.Refuse refuse:
                return new AuthorizationStep.Refuse(refuse.Error, refuse.Description);

            case AuthorizationDecision.Issue:
                if (request.HasResponseType(ResponseTypes.Code))
                {
                    audit.Record(AuditEventType.CodeIssued, succeeded: true, session!.Subject, client.ClientId, session.Sid, string.Join(' ', access.Scopes));
                }

                return new AuthorizationStep.Issue(PrincipalFactory.ForPerson(new PersonGrant(
                    session!.Subject, session.Sid, session.AuthenticatedAt, session.Methods, session.Acr, access.Scopes, access.Resources)));

            case AuthorizationDecision.SignIn or AuthorizationDecision.ChooseAccount:
                pending ??= await pendingRequests.StoreAsync(http, request, bound: true, cancellationToken);
                return new AuthorizationStep.GoTo(PageFor("/login", pending));

            case AuthorizationDecision.AskConsent:
                pending ??= await pendingRequests.StoreAsync(http, request, bound: true, cancellationToken);
                return new AuthorizationStep.GoTo(PageFor("/consent", pending));

            default:
                throw new System.Diagnostics.UnreachableException($"Unhandled decision {decision}.");
        }
    }

    // The library has verified the hint: our signature, our issuer, and that it was made for this client. It may have expired.
    private static async Task<string?> HintedSubjectAsync(HttpContext http) =>
        (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal?.GetClaim(ClaimNames.Subject);

    private static string PageFor(string path, PendingRequest pending) => path + "?" + PendingRequests.Parameter + "=" + pending.Id;
}

/// <summary>What the browser gets.</summary>
internal abstract record AuthorizationStep
{
    private AuthorizationStep()
    {
    }

    /// <summary>An authorization response with what was asked for, for this principal.</summary>
    public sealed record Issue(ClaimsPrincipal Principal) : AuthorizationStep;

    /// <summary>An authorization error response.</summary>
    public sealed record Refuse(string Error, string Description) : AuthorizationStep;

    /// <summary>One of our own pages.</summary>
    /// <param name="Path">Path and query, below the issuer's path.</param>
    public sealed record GoTo(string Path) : AuthorizationStep;
}
