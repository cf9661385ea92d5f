using static OpenIddict.Abstractions.OpenIddictConstants;
using KnownScopes = OpenIddict.Abstractions.OpenIddictConstants.Scopes;

namespace IdentityProvider.Scopes;

/// <summary>The scopes of OpenID Connect Core §5.4 and §11: there on every server, with nothing declared.</summary>
internal static class StandardScopes
{
    public static IReadOnlyList<ScopeDefinition> All { get; } =
    [
        new(KnownScopes.OpenId, "Confirm who you are", [], [Claims.Subject]),
        new(KnownScopes.Profile, "See your profile, such as your name and picture", [],
        [
            Claims.Name, Claims.FamilyName, Claims.GivenName, Claims.MiddleName, Claims.Nickname, Claims.PreferredUsername,
            Claims.Profile, Claims.Picture, Claims.Website, Claims.Gender, Claims.Birthdate, Claims.Zoneinfo, Claims.Locale,
            Claims.UpdatedAt,
        ]),
        new(KnownScopes.Email, "See your email address", [],
            [Claims.Email, Claims.EmailVerified]),
        new(KnownScopes.Address, "See your postal address", [], [Claims.Address]),
        new(KnownScopes.Phone, "See your phone number", [],
            [Claims.PhoneNumber, Claims.PhoneNumberVerified]),
        new(KnownScopes.OfflineAccess, "Keep this access while you are away", [], []),
    ];

    public static bool Contains(string name) => All.Any(scope => scope.Name == name);

    /// <summary>
    /// The declared scopes and the standard ones. Declaring a standard scope gives it another description,
    /// and claims and resources beside its own.
    /// </summary>
    public static IEnumerable<ScopeDefinition> With(IEnumerable<ScopeDefinition> declared)
    {
        var all = All.ToDictionary(scope => scope.Name, StringComparer.Ordinal);
        foreach (var scope in declared)
        {
            all[scope.Name] = all.TryGetValue(scope.Name, out var standard)
                ? new ScopeDefinition(
                    scope.Name,
                    scope.Description.Length == 0 ? standard.Description : scope.Description,
                    scope.Resources,
                    [.. standard.Claims.Union(scope.Claims, StringComparer.Ordinal)])
                : scope;
        }

        return all.Values;
    }
}
