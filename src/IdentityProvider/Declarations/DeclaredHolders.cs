using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;
using IdentityProvider.Users;

namespace IdentityProvider.Declarations;

/// <summary>Who has roles: people, clients, and both in groups.</summary>
internal sealed class DeclaredHolders(AppDbContext db, DeclaredPeople people, DeclaredClientRoles clients, DeclaredGroups groups, TimeProvider clock)
{
    public async Task ApplyAsync(
        Declaration declaration, IReadOnlyList<AssignedRoles> assigned, Progress progress, CancellationToken cancellationToken)
    {
        await people.ApplyAsync(declaration.Users, progress, cancellationToken);
        await clients.StageAsync(declaration, assigned, progress, cancellationToken);
        await groups.ApplyAsync(declaration, progress, cancellationToken);
    }

    /// <summary>Who has duties or roles that nobody has together, as it is stored.</summary>
    public Task<IReadOnlyList<SeparationBreach>> FindJoinedDutiesAsync(CancellationToken cancellationToken) =>
        Separation.FindAsync(db, clock.GetUtcNow().UtcDateTime, cancellationToken);

    /// <summary>Refuses a file after which somebody would have what nobody has together, be it with what is stored already.</summary>
    /// <param name="before">
    /// What no file caused and none can be refused for, or a server would not start for a row that somebody wrote by hand.
    /// </param>
    public async Task RefuseJoinedDutiesAsync(
        Declaration declaration, IReadOnlyList<SeparationBreach> before, Progress progress, CancellationToken cancellationToken)
    {
        if (progress.Errors.Count > 0)
        {
            return;
        }

        foreach (var breach in (await FindJoinedDutiesAsync(cancellationToken)).Except(before))
        {
            var (entries, member, comparison) = breach.Kind switch
            {
                BreachKind.Role => (declaration.Roles, DeclaredRoles.Inherits, StringComparison.OrdinalIgnoreCase),
                BreachKind.Group => (declaration.Groups, DeclaredGroups.Brought, StringComparison.OrdinalIgnoreCase),
                BreachKind.Person => (declaration.Users, UserMembers.Roles, StringComparison.OrdinalIgnoreCase),
                _ => (declaration.Clients, DeclaredClientRoles.Member, StringComparison.Ordinal),
            };
            if (entries.FirstOrDefault(entry => entry.Key.Equals(breach.Name, comparison)) is { } place)
            {
                progress.Refuse(place, [new MetadataProblem(member, breach.Sentence)]);
            }
            else
            {
                // By a role or a group of the file, or by what was there before it.
                progress.Errors.Add(breach.Sentence);
            }
        }
    }
}
