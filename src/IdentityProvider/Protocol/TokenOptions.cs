using System.ComponentModel.DataAnnotations;
using IdentityProvider.Configuration;

namespace IdentityProvider.Protocol;

/// <summary>The section <c>IdentityProvider:Tokens</c>: how long what is issued lives.</summary>
internal sealed class TokenOptions
{
    public const string Section = ProviderOptions.Section + ":Tokens";

    /// <summary>An access token cannot be called back from an API that does not ask us, so it is short.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan IdentityTokenLifetime { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How long a refresh token may lie unused.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan RefreshTokenIdleLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long a grant can be refreshed at all, counted from the sign-in that made it.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan RefreshTokenAbsoluteLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Within this time a repeated refresh gets the same successor: its first answer may have been lost (RFC 9700 §4.14.2).</summary>
    public static TimeSpan RefreshTokenRetryLeeway { get; } = TimeSpan.FromSeconds(30);

    /// <summary>RFC 9700 §2.1.1 and FAPI 2.0 §5.3.2.1: a code is redeemed at once or never.</summary>
    public static TimeSpan AuthorizationCodeLifetime { get; } = TimeSpan.FromSeconds(60);
}
