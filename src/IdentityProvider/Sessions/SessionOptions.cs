using System.ComponentModel.DataAnnotations;
using IdentityProvider.Configuration;

namespace IdentityProvider.Sessions;

/// <summary>The section <c>IdentityProvider:Sessions</c>.</summary>
internal sealed class SessionOptions
{
    public const string Section = ProviderOptions.Section + ":Sessions";

    /// <summary>The absolute life of a session. Its cookie also ends with the browser.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>The absolute life of a session for which the person chose to stay signed in.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan RememberedLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a session lives without being used. Not less than five minutes, because the clocks of two nodes may differ by one.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "365.00:00:00")]
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>The same for a session for which the person chose to stay signed in.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "365.00:00:00")]
    public TimeSpan RememberedIdleLifetime { get; set; } = TimeSpan.FromDays(14);
}
