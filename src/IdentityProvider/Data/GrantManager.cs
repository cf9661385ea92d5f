using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace IdentityProvider.Data;

/// <summary>Gives every new grant its session, and notes whether it outlives it and which claims were asked for.</summary>
internal sealed class GrantManager(
    IOpenIddictAuthorizationCache<Grant> cache,
    ILogger<OpenIddictAuthorizationManager<Grant>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictAuthorizationStore<Grant> store)
    : OpenIddictAuthorizationManager<Grant>(cache, logger, options, store)
{
    /// <summary>The private claim of a principal that becomes <see cref="Grant.RequestedClaims"/>.</summary>
    public const string UserInfoClaimsClaim = "oi_idp_userinfo_claims";

    /// <summary>The private claim of a principal that becomes <see cref="Grant.ClientSubject"/>.</summary>
    public const string SectorSubjectClaim = "oi_idp_sector_sub";

    public override async ValueTask PopulateAsync(
        Grant authorization, OpenIddictAuthorizationDescriptor descriptor, CancellationToken cancellationToken = default)
    {
        await base.PopulateAsync(authorization, descriptor, cancellationToken);
        if (descriptor.Principal is { } principal)
        {
            authorization.SessionId = principal.GetClaim("sid");
            authorization.Offline = principal.HasScope(OpenIddictConstants.Scopes.OfflineAccess);
            authorization.RequestedClaims = principal.GetClaim(UserInfoClaimsClaim);
            authorization.ClientSubject = principal.GetClaim(SectorSubjectClaim);
        }
    }
}
