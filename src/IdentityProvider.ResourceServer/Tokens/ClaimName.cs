namespace IdentityProvider.ResourceServer;

/// <summary>Claims of an access token, by their names on the wire (RFC 9068 section 2.2).</summary>
internal static class ClaimName
{
    public const string Subject = "sub";
    public const string Scope = "scope";
    public const string Roles = "roles";
    public const string Groups = "groups";
    public const string Entitlements = "entitlements";
    public const string ClientId = "client_id";
    public const string Confirmation = "cnf";
    public const string AuthenticationContext = "acr";
    public const string AuthenticationTime = "auth_time";

    /// <summary>What the bearer may do: arrays of strings, each of them (RFC 9068 section 2.2.3.1).</summary>
    public static IReadOnlyList<string> Grants { get; } = [Roles, Groups, Entitlements];
}
