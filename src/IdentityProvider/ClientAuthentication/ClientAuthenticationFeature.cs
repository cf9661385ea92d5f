using IdentityProvider.Configuration;
using IdentityProvider.Jobs;
using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.ClientAuthentication;

/// <summary>
/// How clients prove who they are (RFC 6749 §2.3, RFC 7523, OpenID Connect Core §9): wherever a client calls this server itself,
/// each by the one method it registered. Row: UsedProof. Options: IdentityProvider:ClientAuthentication.
/// </summary>
internal static class ClientAuthenticationFeature
{
    public static IServiceCollection AddClientAuthentication(this IServiceCollection services)
    {
        services.AddSettings<ClientAuthenticationOptions>(ClientAuthenticationOptions.Section);
        return services.AddSingleton<RecurringJob, PruneUsedProofs>();
    }

    public static OpenIddictServerBuilder UseClientAuthentication(this OpenIddictServerBuilder server) => server
        .Replace(ValidateClientAssertion.Descriptor, VerifyClientAssertion.Descriptor) // RFC 7523 §3
        .RemoveEventHandler(ValidateClientAssertionWellknownClaims.Descriptor)         // said there
        .RemoveEventHandler(ValidateClientAssertionIssuer.Descriptor)
        .Add(RequireRegisteredMethod.Descriptor)
        .Add(DescribeClientAuthentication.Descriptor);                                 // RFC 8414 §2
}
