using IdentityProvider.Permissions;

namespace IdentityProvider.Scopes;

/// <summary>The scopes of OpenID Connect Core §5.4 and §11, and that of this server's administration: there on every server, with nothing declared.</summary>
internal static class StandardScopes
{
    public static IReadOnlyList<ScopeDefinition> All { get; } =
    [
        new(KnownScopes.OpenId, "Confirm who you are", [], [ClaimNames.Subject]),
        new(KnownScopes.Profile, "See your profile, such as your name and picture", [],
        [
            ClaimNames.Name, ClaimNames.FamilyName, ClaimNames.GivenName, ClaimNames.MiddleName, ClaimNames.Nickname, ClaimNames.PreferredUsername,
            ClaimNames.Profile, ClaimNames.Picture, ClaimNames.Website, ClaimNames.Gender, ClaimNames.Birthdate, ClaimNames.Zoneinfo, ClaimNames.Locale,
            ClaimNames.UpdatedAt,
        ]),
        new(KnownScopes.Email, "See your email address", [],
            [ClaimNames.Email, ClaimNames.EmailVerified]),
        new(KnownScopes.Address, "See your postal address", [], [ClaimNames.Address]),
        new(KnownScopes.Phone, "See your phone number", [],
            [ClaimNames.PhoneNumber, ClaimNames.PhoneNumberVerified]),
        new(KnownScopes.OfflineAccess, "Keep this access while you are away", [], []),
        new(AdministrationResource.Scope, "Administer this server, as far as you may", [AdministrationResource.Identifier], []),
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
                    [.. standard.Resources.Union(scope.Resources, StringComparer.Ordinal)],
                    [.. standard.Claims.Union(scope.Claims, StringComparer.Ordinal)])
                {
                    Mappings = scope.Mappings,
                }
                : scope;
        }

        return all.Values;
    }
}
