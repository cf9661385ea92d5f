using System.Security.Claims;
using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Authorize;

/// <summary>Takes a request that the library found valid, and says what the browser gets.</summary>
internal sealed class AuthorizationEndpoint(PendingRequests pendingRequests, AuthorizationSituations situations, AuditLog audit)
{
    public async Task<AuthorizationStep> HandleAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("This address is reached through the protocol pipeline.");
        var pending = RestorePendingRequest.Find(http);

        if (HttpMethods.IsPost(http.Request.Method))
        {
            // A form posted from the client's site comes without our Lax cookies. Continuing by GET on our own origin brings them.
            pending ??= await pendingRequests.StoreAsync(http, request, bound: false, cancellationToken);
            return new AuthorizationStep.GoTo(PageFor(Endpoints.Authorization, pending));
        }

        var situation = await situations.ReadAsync(http, request, pending, cancellationToken);
        var (session, client, access) = (situation.Session, situation.Client, situation.Access);
        var decision = AuthorizationDecider.Decide(situation.Facts);
        if (decision is AuthorizationDecision.Issue or AuthorizationDecision.Refuse && !await pendingRequests.MayAnswerAsync(pending, cancellationToken))
        {
            return new AuthorizationStep.Refuse(Errors.InvalidRequestUri, "The request_uri has already been used.");
        }

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
                    session!.Subject, session.Sid, session.AuthenticatedAt, session.Methods,
                    AcrValues.Choose(session.Acr, situation.WantedAcr), access.Scopes, access.Resources)
                {
                    UserInfoClaims = access.Claims.UserInfo,
                    IdTokenClaims = access.Claims.IdToken,
                }));

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
