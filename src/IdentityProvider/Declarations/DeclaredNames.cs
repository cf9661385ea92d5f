using IdentityProvider.Data;
using IdentityProvider.Protocol;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Declarations;

/// <summary>Finds the rows that the names in a file mean.</summary>
internal sealed class DeclaredNames(AppDbContext db, RoleRegistry roles, ILookupNormalizer normalizer)
{
    // So many names are asked for in one command.
    private const int AtOnce = 500;

    /// <summary>The keys of roles by their names as they are compared. The roles of this server's administration need not be declared.</summary>
    public async Task<IReadOnlyDictionary<string, Guid>> RolesAsync(IEnumerable<NamedItem> items, CancellationToken cancellationToken)
    {
        var wanted = Normalized(items);
        await roles.EnsureBuiltInAsync(wanted, cancellationToken);
        return await FindAsync(wanted, async chunk => await db.Roles.AsNoTracking().Where(role => chunk.Contains(role.NormalizedName!))
            .Select(role => KeyValuePair.Create(role.NormalizedName!, role.Id)).ToListAsync(cancellationToken));
    }

    public Task<IReadOnlyDictionary<string, Guid>> UsersAsync(IEnumerable<NamedItem> items, CancellationToken cancellationToken) =>
        FindAsync(Normalized(items), async chunk => await db.Users.AsNoTracking().Where(user => chunk.Contains(user.NormalizedUserName!))
            .Select(user => KeyValuePair.Create(user.NormalizedUserName!, user.Id)).ToListAsync(cancellationToken));

    public Task<IReadOnlyDictionary<string, Guid>> ClientsAsync(IEnumerable<NamedItem> items, CancellationToken cancellationToken) =>
        FindAsync(items.Select(item => item.Name), async chunk => await db.Set<Client>().AsNoTracking().Where(client => chunk.Contains(client.ClientId!))
            .Select(client => KeyValuePair.Create(client.ClientId!, client.Id)).ToListAsync(cancellationToken));

    /// <summary>The keys of the roles or users that the items name, with their periods.</summary>
    /// <param name="known">By name, as names are compared.</param>
    /// <param name="kind">What is named, for whoever reads the problem.</param>
    /// <param name="unsound">Names of entries of the file that were refused: what they were to be is told at their own place.</param>
    /// <param name="problems">Receives names that mean nothing.</param>
    public IReadOnlyDictionary<Guid, Period> Resolve(
        IReadOnlyList<NamedItem> items, IReadOnlyDictionary<string, Guid> known, string kind, IReadOnlySet<string> unsound, ICollection<MetadataProblem> problems) =>
        Resolve(items, known, kind, unsound, problems, normalizer.NormalizeName);

    /// <summary>The same of clients, whose identifiers differ by case too.</summary>
    public static IReadOnlyDictionary<Guid, Period> ResolveClients(
        IReadOnlyList<NamedItem> items, IReadOnlyDictionary<string, Guid> known, IReadOnlySet<string> unsound, ICollection<MetadataProblem> problems) =>
        Resolve(items, known, "client", unsound, problems, static clientId => clientId);

    private static Dictionary<Guid, Period> Resolve(
        IReadOnlyList<NamedItem> items, IReadOnlyDictionary<string, Guid> known, string kind, IReadOnlySet<string> unsound,
        ICollection<MetadataProblem> problems, Func<string, string> compared)
    {
        var resolved = new Dictionary<Guid, Period>();
        foreach (var item in items)
        {
            if (known.TryGetValue(compared(item.Name), out var key))
            {
                resolved[key] = item.Period;
            }
            else if (!unsound.Contains(item.Name))
            {
                problems.Add(new(item.Path, $"There is no {kind} \"{item.Name}\"."));
            }
        }

        return resolved;
    }

    private HashSet<string> Normalized(IEnumerable<NamedItem> items) => [.. items.Select(item => normalizer.NormalizeName(item.Name))];

    private static async Task<IReadOnlyDictionary<string, Guid>> FindAsync(
        IEnumerable<string> names, Func<string[], Task<List<KeyValuePair<string, Guid>>>> find)
    {
        var found = new Dictionary<string, Guid>(StringComparer.Ordinal);
        // PostgreSQL takes no text with a null character in it, not even to look for it.
        foreach (var chunk in names.Where(name => !name.Contains('\0', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Chunk(AtOnce))
        {
            foreach (var (name, key) in await find(chunk))
            {
                found[name] = key;
            }
        }

        return found;
    }
}
