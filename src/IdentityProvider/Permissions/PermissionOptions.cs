using System.ComponentModel.DataAnnotations;
using IdentityProvider.Configuration;

namespace IdentityProvider.Permissions;

/// <summary>The section <c>IdentityProvider:Permissions</c>.</summary>
internal sealed class PermissionOptions
{
    public const string Section = ProviderOptions.Section + ":Permissions";

    /// <summary>
    /// How many bytes <c>roles</c>, <c>groups</c> and <c>entitlements</c> may take together in an access token. Where they would take more none of them is
    /// in it, and the API asks introspection. Servers and proxies refuse headers of more than 8 to 16 KB.
    /// </summary>
    [Range(0, 16 * 1024)]
    public int LargestClaims { get; set; } = 4096;
}
