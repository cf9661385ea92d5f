namespace IdentityProvider.Permissions;

/// <summary>By what somebody has a permission: the nearest of the ways that lead to it. Pure.</summary>
/// <param name="Role">Name of the role that names the permission itself.</param>
/// <param name="Held">Name of the role that was assigned, or that the group brings: <paramref name="Role"/>, or one that inherits it.</param>
/// <param name="Group">Name of the group that brings it; null where the role was assigned.</param>
internal sealed record PermissionGround(string Role, string Held, string? Group)
{
    /// <returns>Null when these roles and groups do not come to the permission.</returns>
    public static PermissionGround? Find(ResourceGrants grants, string permission, AccessModel model, HeldAccess held)
    {
        if (grants.PlaceOf(permission) is not (>= 0 and var place))
        {
            return null;
        }

        var seen = new HashSet<GrantingRole>();
        var waiting = new Queue<(GrantingRole Role, GrantingRole Held, string? Group)>();
        foreach (var id in held.Roles)
        {
            Enter(grants.FindRole(id), null, null);
        }

        foreach (var group in held.Groups.Select(model.FindGroup).OfType<GroupDefinition>())
        {
            foreach (var id in group.Roles)
            {
                Enter(grants.FindRole(id), null, group.Name);
            }
        }

        while (waiting.TryDequeue(out var next))
        {
            if (next.Role.Own.AsSpan().BinarySearch(place) >= 0)
            {
                return new PermissionGround(next.Role.Name, next.Held.Name, next.Group);
            }

            foreach (var inherited in next.Role.Inherits)
            {
                Enter(inherited, next.Held, next.Group);
            }
        }

        return null;

        // Only what grants something there; each once, so that no circle is walked twice.
        void Enter(GrantingRole? role, GrantingRole? from, string? group)
        {
            if (role is not null && seen.Add(role))
            {
                waiting.Enqueue((role, from ?? role, group));
            }
        }
    }

    /// <summary>As a sentence goes on after "The subject has it".</summary>
    public override string ToString() =>
        (Role == Held ? $"by the role {Role}" : $"by the role {Role}, which {Held} inherits") + (Group is null ? "" : $", in the group {Group}");
}
