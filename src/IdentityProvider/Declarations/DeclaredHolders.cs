using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;
using IdentityProvider.Users;

namespace IdentityProvider.Declarations;

/// <summary>Who has roles: people, clients, and both in groups.</summary>
internal sealed class DeclaredHolders(
    AppDbContext db, DeclaredPeople people, DeclaredClientRoles clients, DeclaredGroups groups, RaisedAccounts raised, TimeProvider clock)
{
    /// <summary>What is stored before the file is applied.</summary>
    public async Task<HoldersBefore> LookAsync(CancellationToken cancellationToken) =>
        new(await FindBreachesAsync(cancellationToken), await raised.LookAsync(cancellationToken));

    /// <param name="before">What was stored before anything of the file was.</param>
    /// <returns>The people of the file.</returns>
    public async Task<IReadOnlyDictionary<Guid, DeclaredPerson>> ApplyAsync(
        Declaration declaration, IReadOnlyList<AssignedRoles> assigned, HoldersBefore before, Progress progress, CancellationToken cancellationToken)
    {
        var declared = await people.ApplyAsync(declaration.Users, progress, cancellationToken);
        await clients.StageAsync(declaration, assigned, progress, cancellationToken);
        await groups.ApplyAsync(declaration, progress, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await RefuseBreachesAsync(declaration, before.Breaches, progress, cancellationToken);
        return declared;
    }

    /// <summary>Closes the accounts of those whom the file has raised. Asked last: whom it removes holds nothing any more.</summary>
    public Task SecureAsync(StagedHolders staged, Progress progress, CancellationToken cancellationToken) =>
        raised.SecureAsync(staged.Before.Administration, staged.People, progress, cancellationToken);

    // Who has duties or roles that nobody has together, as it is stored.
    private Task<IReadOnlyList<SeparationBreach>> FindBreachesAsync(CancellationToken cancellationToken) =>
        Separation.FindAsync(db, clock.GetUtcNow().UtcDateTime, cancellationToken);

    // Refuses a file after which somebody would have what nobody has together, be it with what is stored already. For what was so before it, it is
    // not refused, or a server would not start for a row that somebody wrote by hand.
    private async Task RefuseBreachesAsync(
        Declaration declaration, IReadOnlyList<SeparationBreach> before, Progress progress, CancellationToken cancellationToken)
    {
        if (progress.Errors.Count > 0)
        {
            return;
        }

        foreach (var breach in (await FindBreachesAsync(cancellationToken)).Except(before))
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

/// <summary>Who held what before a file, and the people of the file.</summary>
internal sealed record StagedHolders(HoldersBefore Before, IReadOnlyDictionary<Guid, DeclaredPerson> People);

/// <summary>What is stored before a file is applied.</summary>
/// <param name="Breaches">Who has duties or roles that nobody has together.</param>
/// <param name="Administration">Who holds what of the administration.</param>
internal sealed record HoldersBefore(IReadOnlyList<SeparationBreach> Breaches, AdministrationHolders Administration);
