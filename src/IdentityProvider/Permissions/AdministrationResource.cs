namespace IdentityProvider.Permissions;

/// <summary>
/// This server as an API of its own: the administration API, which owns <see cref="AdministrationPermission.All"/>. It is in code and not in rows,
/// so no file declares it away, and it is the same on every server: whose administration a token is for, its issuer says.
/// </summary>
internal static class AdministrationResource
{
    /// <summary>What stands in <c>aud</c> (RFC 8707 §2 wants an absolute URI).</summary>
    public const string Identifier = "urn:identityprovider:administration";

    /// <summary>The scope that opens it, and the only one.</summary>
    public const string Scope = "administration";
}
