using System.Security.Claims;
using IdentityProvider.Authorize;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Consents;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using IdentityProvider.Sessions;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Preview;

/// <summary>A grant up to its tokens, or why there would be none.</summary>
internal sealed record RehearsedGrant(string? GrantType, ProcessSignInContext? SignIn, PreviewedRefusal? Refusal)
{
    public PreviewedConsent? Consent { get; init; }
}

/// <summary>Goes the way of a request for tokens: its validation, the decision on it, the grant and its use.</summary>
internal sealed class GrantRehearsal(
    Rehearsal rehearsal, ScopeCatalog scopes, ConsentLedger consents, PairwiseSubjects subjects, Issuer issuer, TimeProvider clock)
{
    // What a person is told of how they signed in; their session would have said.
    private const string Method = "pwd";
    private const string Unknown = "(known when they sign in)";

    // RFC 7636 §4.2: of the right form, and of no verifier.
    private static readonly string challenge = new('0', 43);

    /// <summary>A client that acts for itself (RFC 6749 §4.4).</summary>
    public async Task<RehearsedGrant> OfClientAsync(RegisteredClient client, PreviewRequest asked, CancellationToken cancellationToken)
    {
        var request = Request(client, asked, client.Metadata.ScopeNames.Where(scope => scope is not (KnownScopes.OpenId or KnownScopes.OfflineAccess)));
        request.GrantType = GrantTypes.ClientCredentials;
        var transaction = await rehearsal.BeginAsync(OpenIddictServerEndpointType.Token, request, cancellationToken);
        var refusal = await rehearsal.ValidateAsync(new ValidateTokenRequestContext(transaction));
        if (refusal is not null)
        {
            return new RehearsedGrant(GrantTypes.ClientCredentials, null, refusal);
        }

        var (principal, refused) = await rehearsal.HandleAsync(new HandleTokenRequestContext(transaction));
        return refused is not null
            ? new RehearsedGrant(GrantTypes.ClientCredentials, null, refused)
            : await SignInAsync(GrantTypes.ClientCredentials, transaction, principal!);
    }

    /// <summary>A person who signs in at this moment and allows what is asked for.</summary>
    public async Task<RehearsedGrant> OfPersonAsync(User user, RegisteredClient client, PreviewRequest asked, CancellationToken cancellationToken)
    {
        var device = !client.Metadata.UsesAuthorizationEndpoint;
        var grantType = client.MayUseGrant(GrantTypes.AuthorizationCode) ? GrantTypes.AuthorizationCode : device ? GrantTypes.DeviceCode : GrantTypes.Implicit;
        if (device && !client.MayUseGrant(GrantTypes.DeviceCode))
        {
            return new RehearsedGrant(null, null, new(Errors.UnauthorizedClient, "This client is registered for no grant in which a person signs in."));
        }

        var request = Request(client, asked, client.Metadata.ScopeNames);
        var transaction = await rehearsal.BeginAsync(
            device ? OpenIddictServerEndpointType.DeviceAuthorization : OpenIddictServerEndpointType.Authorization, request, cancellationToken);
        if (!device)
        {
            Complete(request, client);
        }

        var refusal = device
            ? await rehearsal.ValidateAsync(new ValidateDeviceAuthorizationRequestContext(transaction))
            : await rehearsal.ValidateAsync(new ValidateAuthorizationRequestContext(transaction));
        if (refusal is not null)
        {
            return new RehearsedGrant(grantType, null, refusal);
        }

        var access = RequestedAccess.Of(request, await scopes.GetAsync(cancellationToken), issuer);
        var consent = await ConsentAsync(user, client, access, request.RedirectUri, device, cancellationToken);
        var principal = PrincipalFactory.ForPerson(new PersonGrant(
            user.Subject, Unknown, clock.GetUtcNow().UtcDateTime, [Method],
            AcrValues.Choose(AcrValues.For([Method]), client.Metadata.DefaultAcrValues), access.Scopes, access.Resources));
        // A grant would be made now; its row is what the token's other claims hang on.
        principal.SetAuthorizationId(Guid.Empty.ToString());
        if (client.Metadata.SubjectType == SubjectTypes.Pairwise)
        {
            principal.SetClaim(PrincipalFactory.SectorSubjectClaim,
                await subjects.FindAsync(user.Id, ClientSubjectRules.SectorOf(client.Metadata), cancellationToken) ?? Unknown);
        }

        if (!device)
        {
            var atOnce = await SignInAsync(grantType, transaction, principal);
            if (atOnce is not { SignIn.AuthorizationCodePrincipal: { } code })
            {
                return atOnce with { Consent = consent };
            }

            principal = code;
        }

        var use = await rehearsal.BeginAsync(
            OpenIddictServerEndpointType.Token, new OpenIddictRequest { ClientId = client.ClientId, GrantType = grantType }, cancellationToken);
        var presented = use.Authentication()!;
        presented.AuthorizationCodePrincipal = device ? null : principal;
        presented.DeviceCodePrincipal = device ? principal : null;
        ClaimDestinations.Set(principal);
        return await SignInAsync(grantType, use, principal) with { Consent = consent };
    }

    private async Task<RehearsedGrant> SignInAsync(string grantType, OpenIddictServerTransaction transaction, ClaimsPrincipal principal)
    {
        var (signIn, refusal) = await rehearsal.SignInAsync(transaction, principal);
        return new RehearsedGrant(grantType, refusal is null ? signIn : null, refusal);
    }

    /// <summary>How a token of a rehearsed sign-in would be written.</summary>
    public Task<PreviewedToken> WriteAsync(ProcessSignInContext signIn, ClaimsPrincipal principal, string tokenType) =>
        rehearsal.WriteAsync(signIn, principal, tokenType);

    private async Task<PreviewedConsent> ConsentAsync(
        User user, RegisteredClient client, RequestedAccess access, string? redirectUri, bool device, CancellationToken cancellationToken)
    {
        var known = await scopes.GetAsync(cancellationToken);
        var earlier = await consents.FindAsync(user.Id, client.ClientId, cancellationToken);
        var covers = earlier is not null && access.IsCoveredBy(earlier);
        var now = clock.GetUtcNow().UtcDateTime;
        var decision = AuthorizationDecider.Decide(new AuthorizationFacts(
            new HashSet<string>(), MaxAge: null, StartedAt: now, now, AuthenticatedAt: now,
            SkipsConsent: client.Metadata.IsFirstParty, ConsentCovers: covers, ConsentedAt: earlier?.GrantedAt, MayBeImitated: client.MayBeImitatedAt(redirectUri)));
        return new PreviewedConsent(
            device || decision is AuthorizationDecision.AskConsent,
            device ? "What a device asks for is always confirmed."
                : client.Metadata.IsFirstParty ? "The client is first party: nobody is asked."
                : covers ? "The person allowed all of this before."
                : earlier is not null ? "The person allowed this client less than it asks for."
                : "The person has allowed this client nothing yet.",
            [
                .. known.Find(access.Scopes).Where(scope => scope.Name != KnownScopes.OpenId).Select(scope => Authorize.Permission.Of(scope, known))
                    .Select(permission => permission.Detail is null ? permission.Name : $"{permission.Name} ({permission.Detail})"),
            ]);
    }

    private static OpenIddictRequest Request(RegisteredClient client, PreviewRequest asked, IEnumerable<string> all)
    {
        var request = new OpenIddictRequest
        {
            ClientId = client.ClientId,
            Scope = string.Join(' ', asked.Scopes.Count > 0 ? asked.Scopes : all),
        };
        if (asked.Resource is not null)
        {
            request.SetParameter(Parameters.Resource, asked.Resource);
        }

        return request;
    }

    // As the client's library would send it.
    private static void Complete(OpenIddictRequest request, RegisteredClient client)
    {
        request.RedirectUri = client.Metadata.RedirectUris is [var first, ..] ? first : null;
        request.ResponseType = client.Metadata.ResponseTypes.Contains(ResponseTypes.Code) ? ResponseTypes.Code : client.Metadata.ResponseTypes is [var type, ..] ? type : null;
        if (request.HasResponseType(ResponseTypes.IdToken))
        {
            request.Nonce = Unknown;
        }

        if (request.HasResponseType(ResponseTypes.Code))
        {
            (request.CodeChallenge, request.CodeChallengeMethod) = (challenge, CodeChallengeMethods.Sha256);
        }
    }
}
