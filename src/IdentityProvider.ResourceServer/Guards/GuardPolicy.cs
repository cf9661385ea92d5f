using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// What a guard attribute asks for, written as the name of a policy. Names of policies are all that whoever reads
/// <see cref="IAuthorizeData"/> looks at besides roles: the authorization middleware, SignalR for the methods of a hub, Blazor.
/// </summary>
internal static class GuardPolicy
{
    private const string Prefix = "IdentityProvider.ResourceServer\n";
    private const string Scopes = "scopes";
    private const string Permissions = "permissions";
    private const string Roles = "roles";
    private const string Authentication = "authentication";

    public static string OfScopes(IEnumerable<string> scopes, string? other) => Name(Scopes, scopes, other);

    public static string OfPermissions(IEnumerable<string> permissions, string? other) => Name(Permissions, permissions, other);

    public static string OfRoles(IEnumerable<string> oneOf, string? other) => Name(Roles, oneOf, other);

    public static string OfAuthentication(string? acr, int maxAgeSeconds, string? other) =>
        Name(Authentication, [maxAgeSeconds.ToString(CultureInfo.InvariantCulture), acr ?? ""], other);

    /// <returns>The requirement, and the policy that the attribute names besides; null when the name is somebody else's.</returns>
    public static (IAuthorizationRequirement Requirement, string? Other)? Parse(string name)
    {
        // The other policy comes last: its name may hold anything.
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name[Prefix.Length..].Split('\n', 3) is not [var kind, var list, .. var rest])
        {
            return null;
        }

        var words = list.Split('\t');
        IAuthorizationRequirement requirement = kind switch
        {
            Scopes => new RequiredScopes(words),
            Permissions => new RequiredPermissions(words),
            Roles => new RolesAuthorizationRequirement(words),
            Authentication => ParseAuthentication(words),
            _ => throw new ArgumentException($"There is no guard {kind}.", nameof(name)),
        };
        return (requirement, rest is [var other] ? other : null);
    }

    private static RequiredAuthenticationContext ParseAuthentication(string[] words)
    {
        var maxAge = int.Parse(words[0], CultureInfo.InvariantCulture);
        return new(words[1].Length > 0 ? words[1] : null, maxAge < 0 ? null : TimeSpan.FromSeconds(maxAge));
    }

    private static string Name(string kind, IEnumerable<string> words, string? other) =>
        $"{Prefix}{kind}\n{string.Join('\t', words)}{(other is null ? "" : "\n" + other)}";
}
