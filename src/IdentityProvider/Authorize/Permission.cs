using IdentityProvider.Scopes;

namespace IdentityProvider.Authorize;

/// <summary>One thing a client asks to be allowed, in words for the person who is asked.</summary>
/// <param name="Detail">The names of the APIs it opens, or null.</param>
internal sealed record Permission(string Name, string? Detail)
{
    public static Permission Of(ScopeDefinition scope, ScopeSet known)
    {
        var resources = scope.Resources.Select(identifier => known.Resources.GetValueOrDefault(identifier)?.Name).OfType<string>().ToList();
        return new Permission(
            scope.Description.Length > 0 ? scope.Description : scope.Name,
            resources.Count > 0 ? string.Join(", ", resources) : null);
    }
}
