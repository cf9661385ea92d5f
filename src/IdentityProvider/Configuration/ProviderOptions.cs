namespace IdentityProvider.Configuration;

/// <summary>The root of the section <c>IdentityProvider</c>.</summary>
internal sealed class ProviderOptions
{
    public const string Section = "IdentityProvider";

    /// <summary>
    /// The issuer identifier (OpenID Connect Discovery 1.0 §3), emitted byte for byte as written here.
    /// Scheme and host of every address this server names come from it, never from a request.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>Path of a declaration file (clients, scopes, resources, roles, users) applied at start.</summary>
    public string? Declarations { get; set; }

    /// <summary>Allows an <c>http</c> issuer outside Development. Tokens and cookies then travel unprotected.</summary>
    public bool AllowInsecureTransport { get; set; }
}
