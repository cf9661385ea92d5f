using IdentityProvider.Data;

namespace IdentityProvider.Scopes;

/// <summary>Whether <see cref="ScopeRegistry"/> would change anything, asked without EF Core. In doubt it would.</summary>
internal sealed class ScopeComparison(Statements statements)
{
    private static readonly Statement scope = new(
        """SELECT "Id", "Description", "Resources", "Claims", "ClaimMappings" FROM "Scopes" WHERE "Name" = @name""", "@name");

    private static readonly Statement resource = new(
        """SELECT "Id", "Name", "Clients", "AccessTokenSignedResponseAlg", "ClaimMappings" FROM "ApiResources" WHERE "Identifier" = @identifier""", "@identifier");

    /// <summary>The key of the scope that already is what it is to become, or null.</summary>
    /// <param name="resources">Identifiers of the resources that exist.</param>
    public async Task<Guid?> FindScopeAsync(ScopeDraft draft, IReadOnlySet<string> resources, CancellationToken cancellationToken)
    {
        if (ScopeRules.ProblemsOfScope(draft, resources).Count > 0)
        {
            return null;
        }

        var stored = await statements.ReadAsync(
            scope,
            static row => new Scope
            {
                Id = row.GetGuid(0), Description = row.Text(1), Resources = row.Text(2), Claims = row.GetString(3), ClaimMappings = row.GetString(4),
            },
            cancellationToken, draft.Key);
        return stored is not null && Stays(stored, row => (row.Description, row.Resources, row.Claims, row.ClaimMappings), row => ScopeRows.Lay(draft.Members, row))
            ? stored.Id
            : null;
    }

    /// <summary>The key of the resource that already is what it is to become, or null. Whether its clients exist is the caller's to know.</summary>
    public async Task<Guid?> FindResourceAsync(ScopeDraft draft, CancellationToken cancellationToken)
    {
        if (ScopeRules.ProblemsOfResource(draft).Count > 0)
        {
            return null;
        }

        var stored = await statements.ReadAsync(
            resource,
            static row => new ApiResource
            {
                Id = row.GetGuid(0), Name = row.Text(1), Clients = row.GetString(2), AccessTokenSignedResponseAlg = row.GetString(3),
                ClaimMappings = row.GetString(4),
            },
            cancellationToken, draft.Key);
        return stored is not null
            && Stays(stored, row => (row.Name, row.Clients, row.AccessTokenSignedResponseAlg, row.ClaimMappings), row => ScopeRows.Lay(draft.Members, row))
            ? stored.Id
            : null;
    }

    private static bool Stays<T>(T row, Func<T, (string?, string?, string?, string?)> columns, Action<T> lay)
    {
        var before = columns(row);
        lay(row);
        return before == columns(row);
    }
}
