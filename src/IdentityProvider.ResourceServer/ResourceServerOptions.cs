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

    /// <summary>
    /// Whether the identity provider may only be asked over <c>https</c>. Turn it off on a developer's machine and nowhere else.
    /// </summary>
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

    /// <summary>
    /// How long a key set is used before it is read again: a key that the identity provider removed verifies nothing here after
    /// so long. Default: 5 minutes; between 10 seconds and one hour. A key not seen before is looked up at once, at most once a minute.
    /// </summary>
    public TimeSpan KeySetLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the last key set is used while the identity provider does not answer; afterwards every request that brings a token
    /// is answered with 503. Default: 1 hour; at least <see cref="KeySetLifetime"/>, at most one day.
    /// </summary>
    public TimeSpan KeySetLifetimeInOutage { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an answer of the identity provider is waited for. Default: 5 seconds; at most one minute.</summary>
    public TimeSpan ProviderTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the identity provider is asked about tokens (RFC 7662), and as whom. Default: it is not.</summary>
    public IntrospectionOptions Introspection { get; } = new();

    /// <summary>Where this instance of the API runs, as <see cref="AccessEnvironment.Region"/> of attribute policies, such as <c>EU</c>.</summary>
    public string? Region { get; set; }
}
