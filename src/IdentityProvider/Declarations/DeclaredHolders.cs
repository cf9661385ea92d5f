namespace IdentityProvider.Declarations;

/// <summary>Who has roles: people, clients, and both in groups.</summary>
internal sealed class DeclaredHolders(DeclaredPeople people, DeclaredClientRoles clients, DeclaredGroups groups)
{
    public async Task ApplyAsync(
        Declaration declaration, IReadOnlyList<AssignedRoles> assigned, Progress progress, CancellationToken cancellationToken)
    {
        await people.ApplyAsync(declaration.Users, progress, cancellationToken);
        await clients.StageAsync(declaration, assigned, progress, cancellationToken);
        await groups.ApplyAsync(declaration, progress, cancellationToken);
    }
}
