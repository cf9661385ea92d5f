namespace IdentityProvider.Extensibility;

/// <summary>What claims are put into.</summary>
public enum ClaimsTarget
{
    /// <summary>An access token, which APIs read (RFC 9068).</summary>
    AccessToken,

    /// <summary>An id_token, which the client reads (OpenID Connect Core §2).</summary>
    IdToken,

    /// <summary>A userinfo answer, which the client reads (OpenID Connect Core §5.3).</summary>
    UserInfo,
}

/// <summary>What the subject is.</summary>
public enum SubjectKind
{
    /// <summary>A person.</summary>
    Person,

    /// <summary>A client that acts for itself (RFC 6749 §4.4).</summary>
    Client,
}

/// <summary>What an <see cref="IClaimsContributor"/> is asked about.</summary>
public sealed record ClaimsContext
{
    /// <summary>What the claims are put into.</summary>
    public required ClaimsTarget Target { get; init; }

    /// <summary>What <see cref="Subject"/> names.</summary>
    public required SubjectKind SubjectKind { get; init; }

    /// <summary>
    /// The person's own subject, or the identifier of the client. A client may know the person by another subject (OpenID Connect Core §8):
    /// never put this one into a claim.
    /// </summary>
    public required string Subject { get; init; }

    /// <summary>The identifier of the client that gets the token or the answer.</summary>
    public required string ClientId { get; init; }

    /// <summary>Whom an access token is for (RFC 8707); empty for an id_token and a userinfo answer, which are for the client.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>The scopes that were granted, for an access token those that are in it.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>
    /// Whether an administrator only looks at what would be issued (docs/preview.md): nobody signs in and nobody gets the claims. Answer as otherwise, but
    /// count nothing, write nothing and tell nobody.
    /// </summary>
    public bool IsPreview { get; init; }
}
