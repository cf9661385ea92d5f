using IdentityProvider.Permissions;

namespace IdentityProvider.Administration;

/// <summary>
/// How far a caller's permissions reach: to nobody who holds more than they do. Whoever could give what they do not hold, or become somebody who
/// holds it by a password or a secret of theirs, would hold it.
/// </summary>
/// <param name="model">As the caller's transaction sees it.</param>
/// <param name="held">What the caller holds in it, at all resources.</param>
internal sealed class Bounds(Caller caller, AccessModel model, IReadOnlySet<ResourcePermission> held, AccessReach reach)
{
    /// <summary>Why the caller may not give these roles, or take them; null where they may.</summary>
    public Problem? ToPassOn(IEnumerable<Guid> roles, string what) =>
        Exceeding(model.GrantedBy(roles), "administration.grant", $"You can give and take away only what you hold yourself, and {what} grants more.");

    /// <summary>The same of a role of this server's, whether or not anybody has it yet.</summary>
    public Problem? ToPassOn(BuiltInRole role) => Exceeding(
        role.Permissions.Select(permission => new ResourcePermission(AdministrationResource.Identifier, permission.Name)),
        "administration.grant", $"You can give and take away only what you hold yourself, and the role {role.Name} grants more.");

    /// <summary>Why the caller may not act on this person's account; null where they may. What the person may do at other resources does not count.</summary>
    public async Task<Problem?> ToActOnAsync(string subject, CancellationToken cancellationToken)
    {
        var theirs = await reach.EverAsync(model, new AccessHolder.Person(subject), cancellationToken);
        return Exceeding(theirs.Where(item => item.Resource == AdministrationResource.Identifier), "administration.reach",
            "This person holds more of this server's administration than you do.");
    }

    /// <summary>The same, and nobody acts on their own account here: a stolen token would become a stolen account.</summary>
    public async Task<Problem?> ToActOnAnotherAsync(string subject, CancellationToken cancellationToken) => IsCaller(new AccessHolder.Person(subject))
        ? Problem.Forbidden("administration.own", "This is your own account: somebody else must do this.")
        : await ToActOnAsync(subject, cancellationToken);

    /// <summary>Why the caller may not change this client; null where they may. Whoever changes it can act as it.</summary>
    public async Task<Problem?> ToChangeAsync(string clientId, CancellationToken cancellationToken) => Exceeding(
        await reach.EverAsync(model, new AccessHolder.Client(clientId), cancellationToken), "administration.reach",
        "This client holds more by its roles than you do.");

    /// <summary>Why nobody changes the assignments of this holder; null where it is not the caller.</summary>
    public Problem? ToChangeAssignmentsOf(AccessHolder holder) => IsCaller(holder)
        ? Problem.Forbidden("administration.own", "These are your own roles: nobody gives themselves any, or takes them.")
        : null;

    private bool IsCaller(AccessHolder holder) => holder == caller.Holder;

    private Problem? Exceeding(IEnumerable<ResourcePermission> theirs, string rule, string detail) =>
        theirs.Where(item => !held.Contains(item)).ToList() is { Count: > 0 } missing ? Problem.Lacking(rule, detail, missing) : null;
}
