using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server.DataProtection;

namespace IdentityProvider.Claims;

/// <summary>
/// What tokens say of a person (OpenID Connect Core §2, §5.1, §5.5) and by which subject (§8). Row: PairwiseSubject, one per person and sector.
/// </summary>
internal static class ClaimsFeature
{
    public static IServiceCollection AddClaims(this IServiceCollection services) => services
        .AddSingleton<PairwiseSubjects>()
        .AddSingleton<MappingSources>()
        .AddSingleton<MappedClaims>()
        .AddSingleton<ContributedClaims>()
        .Configure<OpenIddictServerDataProtectionOptions>(options => options.Formatter = new StoredTokenFormat());

    public static OpenIddictServerBuilder UseClaims(this OpenIddictServerBuilder server) => server
        .Add(UsePairwiseSubject.Resolve)    // §8
        .Add(AddIdTokenClaims.Descriptor)   // §5.5, §5.4
        .Add(AddContributedClaims.Descriptor) // what the host adds and what is mapped
        .Add(UsePairwiseSubject.Apply)
        .Add(DescribeClaims.Descriptor);    // OpenID Connect Discovery §3
}
