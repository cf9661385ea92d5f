namespace IdentityProvider.ResourceServer;

/// <summary>How the identity provider is asked about tokens (RFC 7662).</summary>
public sealed class IntrospectionOptions
{
    /// <summary>When the identity provider is asked. Default: never.</summary>
    public IntrospectionUse Use { get; set; } = IntrospectionUse.None;

    /// <summary>The client that this API is at the identity provider; it must be one that may look at tokens of the audience.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Its secret, sent by HTTP Basic authentication (RFC 6749 section 2.3.1). Keep it out of source code.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>
    /// How long an answer is used again for the same token, and so how long a revoked token or a withdrawn permission still works.
    /// Never past the token's <c>exp</c>. Default: 10 seconds; between zero (ask each time) and five minutes.
    /// </summary>
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many answers are kept at most. Default: 10,000; between 100 and 1,000,000. Tokens are kept as their SHA-256.</summary>
    public int CacheSize { get; set; } = 10_000;
}

/// <summary>Which tokens the identity provider is asked about. The values can be combined.</summary>
[Flags]
public enum IntrospectionUse
{
    /// <summary>None: a token is a JWT that is checked with the key set, or it is refused.</summary>
    None = 0,

    /// <summary>Tokens that are no JWT, made-up ones too: each costs a question. JWTs are checked with the key set.</summary>
    OpaqueTokens = 1,

    /// <summary>
    /// JWTs that carry none of <c>roles</c>, <c>groups</c> and <c>entitlements</c>, because there were too many:
    /// asked when a guard needs them, and not before.
    /// </summary>
    MissingPermissions = 2,

    /// <summary>
    /// Every token, so that revocation and changed permissions are seen. A JWT is checked with the key set first; one that is no JWT costs
    /// a question, also when it is made up.
    /// </summary>
    EveryToken = 4,
}
