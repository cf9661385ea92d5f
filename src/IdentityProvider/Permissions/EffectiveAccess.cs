namespace IdentityProvider.Permissions;

/// <summary>The roles and groups that somebody has at one moment, as they were assigned.</summary>
internal sealed record HeldAccess(IReadOnlyCollection<Guid> Roles, IReadOnlyCollection<Guid> Groups);

/// <summary>The names of the roles, inherited ones among them, and groups that somebody has at one moment.</summary>
internal sealed record HeldNames(IReadOnlyList<string> Roles, IReadOnlyList<string> Groups);

/// <summary>What somebody may do at one resource, and by what. Pure.</summary>
/// <param name="Roles">Names of the roles that grant something there, inherited ones among them.</param>
/// <param name="Groups">Names of the groups that brought such a role.</param>
/// <param name="Permissions">Names of the permissions, each once. All lists are in the order of their letters, so that the same access is the same text.</param>
internal sealed record EffectiveAccess(IReadOnlyList<string> Roles, IReadOnlyList<string> Groups, IReadOnlyList<string> Permissions)
{
    public static EffectiveAccess None { get; } = new([], [], []);

    /// <summary>What those roles and groups come to at a resource.</summary>
    public static EffectiveAccess At(string resource, AccessModel model, HeldAccess held)
    {
        if (model.FindGrants(resource) is not { } grants)
        {
            return None;
        }

        var groups = held.Groups.Select(model.FindGroup).OfType<GroupDefinition>().ToList();
        var roles = model.WithInherited(held.Roles.Concat(model.BroughtBy(held.Groups)));
        return new EffectiveAccess(
            InOrder(roles.Where(grants.Roles.Contains).Select(role => model.FindRole(role)!.Name)),
            InOrder(groups.Where(group => group.Roles.Any(role => roles.Contains(role) && grants.Roles.Contains(role))).Select(group => group.Name)),
            InOrder(roles.SelectMany(role => grants.Own.GetValueOrDefault(role) ?? [])));
    }

    private static string[] InOrder(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
