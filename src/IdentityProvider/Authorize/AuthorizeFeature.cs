using IdentityProvider.Jobs;
using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>
/// The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2, §3.2.2, §3.3.2, RFC 7636, RFC 9207).
/// Endpoint: /connect/authorize. Row: PendingRequest, for a request that waits for a person.
/// Order of work: the library extracts, a pending request is restored, both validate, the endpoint /connect/authorize asks
/// <see cref="AuthorizationEndpoint"/> what comes next, the library answers the client.
/// </summary>
internal static class AuthorizeFeature
{
    public static IServiceCollection AddAuthorize(this IServiceCollection services) => services
        .AddHttpContextAccessor()
        .AddSingleton<BrowserBinding>()
        .AddSingleton<PendingRequestRows>()
        .AddSingleton<PendingRequests>()
        .AddSingleton<PushedRequests>()
        .AddSingleton<Interactions>()
        .AddSingleton<AuthorizationRegistrations>()
        .AddSingleton<AuthorizationSituations>()
        .AddSingleton<AuthorizationEndpoint>()
        .AddSingleton<ConsentRequests>()
        .AddSingleton<RecurringJob, PrunePendingRequests>();

    public static OpenIddictServerBuilder UseAuthorize(this OpenIddictServerBuilder server) => server
        .Add(LimitRequestSize.Descriptor)              // what waits for a person is kept
        .Add(RestorePendingRequest.Descriptor)         // a waiting request takes the place of the one that names it
        .Add(RedirectErrors.RememberGoodRedirectUri)   // RFC 6749 §4.1.2.1
        .Add(IgnoreOfflineAccess.Descriptor)           // OpenID Connect Core §11
        .Replace(Authentication.ValidateNonceParameter.Descriptor, RequireNonce.Descriptor) // OpenID Connect Core §3.3.2.11
        .Add(ValidateMaxAge.Descriptor)                // OpenID Connect Core §3.1.2.1
        .Add(ValidateRequestedClaims.Descriptor)       // OpenID Connect Core §5.5
        .Add(ValidateCodeChallenge.Descriptor)         // RFC 7636 §4.2
        .Add(ValidateRequestedScopes.Descriptor)       // RFC 6749 §3.3, RFC 8707 §2
        .Add(TellGrantedScope.Descriptor)              // RFC 6749 §4.2.2
        .Add(RedirectErrors.Redirect)
        .Add(RedirectErrors.ChooseResponseMode)
        .Add(AttachSessionState.Descriptor)            // OpenID Connect Session Management §2
        .Add(ExplainRefusals.Authorization)            // what of the registration differed, for the record
        .Add(ExplainRefusals.PushedAuthorization)
        .Replace(FormPostResponse.BuiltIn, FormPostResponse.Descriptor); // OAuth 2.0 Form Post Response Mode
}
