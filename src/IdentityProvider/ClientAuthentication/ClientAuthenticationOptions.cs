using System.ComponentModel.DataAnnotations;
using IdentityProvider.Configuration;

namespace IdentityProvider.ClientAuthentication;

/// <summary>The section <c>IdentityProvider:ClientAuthentication</c>.</summary>
internal sealed class ClientAuthenticationOptions
{
    public const string Section = ProviderOptions.Section + ":ClientAuthentication";

    /// <summary>How far ahead the <c>exp</c> of a client assertion may lie: as long as one that leaked before it arrived can still be used.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "01:00:00")]
    public TimeSpan MaximumAssertionLifetime { get; set; } = TimeSpan.FromMinutes(10);
}
