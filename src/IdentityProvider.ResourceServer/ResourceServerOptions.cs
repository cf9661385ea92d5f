using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.ResourceServer;

/// <summary>What an API must know of its identity provider to check access tokens.</summary>
public sealed class ResourceServerOptions
{
    /// <summary>
    /// The issuer identifier, written byte for byte as the identity provider writes it in its discovery document:
    /// <c>https://id.example.com</c> and <c>https://id.example.com/</c> are two different issuers.
    /// Signing keys are found through <c>/.well-known/openid-configuration</c> below it.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>The identifier of this API as registered with the identity provider. A token for anybody else is refused.</summary>
    public string Audience { get; set; } = "";

    /// <summary>Whether keys may only be fetched over <c>https</c>. Turn it off on a developer's machine and nowhere else.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>
    /// The signature algorithms accepted, by their names in RFC 7518. Default: <c>ES256</c> and <c>RS256</c>.
    /// A token cannot widen this list by what its header says. Symmetric algorithms and <c>none</c> are refused as a setting.
    /// </summary>
    public ISet<string> ValidAlgorithms { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.RsaSha256,
    };

    /// <summary>How far the clocks of this API and of the identity provider may differ. Default: 30 seconds, at most 5 minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);
}
