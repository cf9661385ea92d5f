namespace IdentityProvider.Data;

/// <summary>An API that access tokens are made for: a possible audience (RFC 8707, RFC 9068 §2.2).</summary>
internal sealed class ApiResource
{
    public Guid Id { get; init; }

    /// <summary>The resource indicator: what stands in <c>aud</c>.</summary>
    public string Identifier { get; init; } = "";

    public string? Name { get; set; }

    /// <summary>Identifiers of the clients that may introspect tokens for this resource, as a JSON array.</summary>
    public string Clients { get; set; } = "[]";

    /// <summary>ES256 unless the API asks for another algorithm.</summary>
    public string AccessTokenSignedResponseAlg { get; set; } = "ES256";

    /// <summary>The policies that decide about it, as a JSON array; null where there are none (docs/policies.md).</summary>
    public string? Policies { get; set; }
}
