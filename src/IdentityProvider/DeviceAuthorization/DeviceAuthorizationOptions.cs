using System.ComponentModel.DataAnnotations;
using IdentityProvider.Configuration;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>The section <c>IdentityProvider:DeviceAuthorization</c>.</summary>
internal sealed class DeviceAuthorizationOptions
{
    public const string Section = ProviderOptions.Section + ":DeviceAuthorization";

    /// <summary>How long a person has to allow a device, and the device to fetch its tokens (RFC 8628 §3.2, <c>expires_in</c>).</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromMinutes(10);
}
