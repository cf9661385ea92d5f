namespace IdentityProvider.Consents;

/// <summary>What a person allowed a client. Apart from grants, so that ending a grant forgets no consent and the reverse.</summary>
internal sealed class Consent
{
    public Guid Id { get; init; }
    public Guid UserId { get; init; }
    public string ClientId { get; init; } = "";

    /// <summary>The allowed scopes, space separated, sorted.</summary>
    public string Scopes { get; set; } = "";

    /// <summary>The claims allowed by name (OpenID Connect Core §5.5), space separated, sorted.</summary>
    public string Claims { get; set; } = "";

    public DateTime GrantedAt { get; set; }
}
