using IdentityProvider.Data;
using IdentityProvider.Permissions;

namespace IdentityProvider.Administration;

/// <summary>
/// How far a caller's permissions reach: to nobody who holds more than they do. Whoever could give what they do not hold, or become somebody who
/// holds it by a password or a secret of theirs, would hold it.
/// </summary>
/// <param name="model">As the caller's transaction sees it.</param>
/// <param name="held">What the caller holds in it, at all resources.</param>
internal sealed class Bounds(Caller caller, AccessModel model, Reach held, AccessReach reach)
{
    private const string Grant = "administration.grant";

    /// <summary>Why the caller may not give this role or group for this long; null where they may.</summary>
    public Problem? ToGive(Assignable assignable, Period period) =>
        ToPassOn(assignable) ?? Outlasting(IsBuiltIn(assignable) ? held.EndOfAll(GrantedBy(assignable)) : EndOf(assignable), period);

    /// <summary>
    /// Why the caller may not take this role or group away; null where they may. What it grants does not tell what a name is worth: claims and
    /// policies go by names too. So one passes on what one has oneself; only what this server's own roles are worth is known.
    /// </summary>
    public Problem? ToPassOn(Assignable assignable) =>
        Exceeding(GrantedBy(assignable), Grant, $"You can give and take away only what you hold yourself, and the {assignable.Kind} {assignable.Name} grants more.")
        ?? (IsBuiltIn(assignable) || EndOf(assignable) is not null ? null
            : Problem.Forbidden(Grant, $"You can give and take away only what you have yourself, and you do not have the {assignable.Kind} {assignable.Name}."));

    /// <summary>The same of a role of this server's, whether or not anybody has it yet.</summary>
    public Problem? ToPassOn(BuiltInRole role) => Exceeding(
        GrantedBy(role), Grant, $"You can give and take away only what you hold yourself, and the role {role.Name} grants more.");

    /// <summary>Why the caller may not act on this person's account; null where they may. What the person may do at other resources does not count.</summary>
    public async Task<Problem?> ToActOnAsync(string subject, CancellationToken cancellationToken)
    {
        var theirs = await reach.EverAsync(model, new AccessHolder.Person(subject), cancellationToken);
        return Exceeding(theirs.Permissions.Where(item => item.Resource == AdministrationResource.Identifier), "administration.reach",
            "This person holds more of this server's administration than you do.");
    }

    /// <summary>The same, and nobody acts on their own account here: a stolen token would become a stolen account.</summary>
    public async Task<Problem?> ToActOnAnotherAsync(string subject, CancellationToken cancellationToken) => IsCaller(new AccessHolder.Person(subject))
        ? Problem.Forbidden("administration.own", "This is your own account: somebody else must do this.")
        : await ToActOnAsync(subject, cancellationToken);

    /// <summary>Why the caller may not change this client; null where they may. Whoever changes it can act as it.</summary>
    public async Task<Problem?> ToChangeAsync(string clientId, CancellationToken cancellationToken) => Exceeding(
        (await reach.EverAsync(model, new AccessHolder.Client(clientId), cancellationToken)).Permissions, "administration.reach",
        "This client holds more by its roles than you do.");

    /// <summary>Why nobody changes the assignments of this holder; null where it is not the caller.</summary>
    public Problem? ToChangeAssignmentsOf(AccessHolder holder) => IsCaller(holder)
        ? Problem.Forbidden("administration.own", "These are your own roles: nobody gives themselves any, or takes them.")
        : null;

    /// <summary>Whether whoever has it may do anything here by it.</summary>
    public bool GrantsAdministration(Assignable assignable) => GrantedBy(assignable).Any(item => item.Resource == AdministrationResource.Identifier);

    private bool IsCaller(AccessHolder holder) => holder == caller.Holder;

    private static bool IsBuiltIn(Assignable assignable) => !assignable.IsGroup && BuiltInRole.Of(assignable.Key, assignable.Name) is not null;

    // A role of this server's own may have had no row when the model was read.
    private IEnumerable<ResourcePermission> GrantedBy(Assignable assignable) => assignable.IsGroup
        ? model.GrantedBy(model.BroughtBy([assignable.Key]))
        : model.GrantedBy([assignable.Key]).Concat(OwnOf(assignable)).Distinct();

    private static IEnumerable<ResourcePermission> OwnOf(Assignable assignable) =>
        BuiltInRole.Of(assignable.Key, assignable.Name) is { } role ? GrantedBy(role) : [];

    private static IEnumerable<ResourcePermission> GrantedBy(BuiltInRole role) =>
        role.Permissions.Select(permission => new ResourcePermission(AdministrationResource.Identifier, permission.Name));

    private DateTime? EndOf(Assignable assignable) => assignable.IsGroup ? held.EndOfGroup(assignable.Key) : held.EndOfRole(assignable.Key);

    // Who has something for a time would otherwise have it for good, by somebody to whom they gave it.
    private static Problem? Outlasting(DateTime? end, Period period) => end is { } last && (period.ExpiresAt ?? DateTime.MaxValue) > last
        ? Problem.Forbidden(Grant, FormattableString.Invariant(
            $"You hold this until {last:yyyy-MM-ddTHH:mm:ss}Z, and what you give ends no later: say so by expires_at."))
        : null;

    private Problem? Exceeding(IEnumerable<ResourcePermission> theirs, string rule, string detail) =>
        theirs.Where(item => !held.Permissions.Contains(item)).ToList() is { Count: > 0 } missing ? Problem.Lacking(rule, detail, missing) : null;
}
