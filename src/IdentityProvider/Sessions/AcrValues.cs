namespace IdentityProvider.Sessions;

/// <summary>The authentication context classes this server knows (OpenID Connect Core §2, <c>acr</c>).</summary>
internal static class AcrValues
{
    /// <summary>One factor: a password, or whatever an upstream provider asked for.</summary>
    public const string SingleFactor = "urn:identityprovider:acr:1fa";

    public static IReadOnlyList<string> All { get; } = [SingleFactor];

    public static string For(IReadOnlyList<string> methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        return SingleFactor;
    }
}
