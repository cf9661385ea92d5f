using System.Globalization;
using System.Security.Claims;
using IdentityProvider.Protocol;
using OpenIddict.Abstractions;

namespace IdentityProvider.Grants;

/// <summary>
/// How long the next refresh token lives: the idle lifetime, but never beyond the absolute one,
/// nor, without <c>offline_access</c> (OpenID Connect Core §11), beyond the session.
/// </summary>
internal static class RefreshLifetime
{
    // A private claim that travels inside codes and refresh tokens, which only we read.
    private const string GrantedAtClaim = "oi_idp_granted_at";

    /// <param name="grantedAt">When the grant was made, for its first token; later ones remember it.</param>
    /// <returns>False when nothing is left.</returns>
    public static bool Set(ClaimsPrincipal principal, GrantHolder holder, DateTimeOffset? grantedAt, DateTimeOffset now, TokenOptions options)
    {
        var granted = grantedAt ?? Read(principal) ?? now;
        var lifetime = Min(options.RefreshTokenIdleLifetime, granted + options.RefreshTokenAbsoluteLifetime - now);
        if (!principal.HasScope(KnownScopes.OfflineAccess))
        {
            lifetime = Min(lifetime, holder.SessionEnds is { } ends ? new DateTimeOffset(ends) - now : TimeSpan.Zero);
        }

        principal.SetClaim(GrantedAtClaim, granted.ToUnixTimeSeconds());
        principal.SetRefreshTokenLifetime(lifetime > TimeSpan.Zero ? lifetime : TimeSpan.Zero);
        return lifetime > TimeSpan.Zero;
    }

    private static DateTimeOffset? Read(ClaimsPrincipal principal) =>
        long.TryParse(principal.GetClaim(GrantedAtClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
