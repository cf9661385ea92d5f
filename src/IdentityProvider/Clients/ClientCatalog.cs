using System.Collections.Concurrent;
using System.Collections.Frozen;
using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Clients;

/// <summary>
/// All registered clients, kept in memory for every request of this process. Forgotten when this node changes a client,
/// and within about a second when another node does.
/// </summary>
internal sealed class ClientCatalog
{
    // Identifiers nobody registered are remembered too, so that guessing them costs no queries; only so many, for guessing has no end.
    private const int RememberedClients = 10_000;
    private const int RememberedStrangers = 1_000;

    // As ClientColumns writes it; no value can hold these quotes. Saves reading every registration for the few that say so.
    private static readonly Statement watching = new("""SELECT "Metadata" FROM "Clients" WHERE "Metadata" LIKE '%"session_management":true%'""");

    private readonly IServiceScopeFactory scopes;
    private readonly Statements statements;
    private volatile Generation current = new();

    public ClientCatalog(IServiceScopeFactory scopes, Statements statements, ChangeWatch watch)
    {
        (this.scopes, this.statements) = (scopes, statements);
        watch.On(ChangeStamps.Clients, Forget);
    }

    public async ValueTask<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        // Strangers send anything: what no client can be called is neither asked of the database nor kept in memory.
        if (!ClientRules.CanBeIdentifier(clientId))
        {
            return null;
        }

        // A load keeps the generation it began with: what it read before a change never enters the generation after it.
        var generation = current;
        if (generation.Clients.TryGetValue(clientId, out var known))
        {
            return known;
        }

        if (generation.Strangers.ContainsKey(clientId))
        {
            return null;
        }

        var loaded = await LoadAsync(clients => clients.Where(client => client.ClientId == clientId), cancellationToken);
        if (loaded is null && generation.Strangers.Count < RememberedStrangers)
        {
            generation.Strangers[clientId] = true;
        }

        return Remember(generation, loaded);
    }

    /// <summary>Finds a client by the key of its row.</summary>
    public async ValueTask<RegisteredClient?> FindByRowAsync(Guid id, CancellationToken cancellationToken)
    {
        var generation = current;
        return generation.Rows.TryGetValue(id, out var known)
            ? known
            : Remember(generation, await LoadAsync(clients => clients.Where(client => client.Id == id), cancellationToken));
    }

    /// <summary>
    /// The same within the caller's transaction, which has a connection of the pool and must not wait for another one.
    /// What is read there is not remembered: it may not be committed.
    /// </summary>
    public async ValueTask<RegisteredClient?> FindByRowAsync(AppDbContext db, Guid id, CancellationToken cancellationToken) =>
        current.Rows.TryGetValue(id, out var known) ? known
            : await db.Set<Client>().AsNoTracking().SingleOrDefaultAsync(client => client.Id == id, cancellationToken) is { } entity ? new RegisteredClient(entity)
            : null;

    /// <summary>The addresses of all clients.</summary>
    public async ValueTask<ClientAddresses> AddressesAsync(CancellationToken cancellationToken)
    {
        var generation = current;
        if (generation.Addresses is { } known)
        {
            return known;
        }

        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<ProtocolDbContext>().Set<Client>().AsNoTracking()
            .Select(client => new ClientAddresses.Row(client.ClientId!, client.RedirectUris, client.PostLogoutRedirectUris))
            .ToListAsync(cancellationToken);
        return generation.Addresses = new ClientAddresses(rows);
    }

    /// <summary>The origins of all clients whose pages watch the browser's session (OpenID Connect Session Management §3).</summary>
    public async ValueTask<IReadOnlySet<string>> WatchingOriginsAsync(CancellationToken cancellationToken)
    {
        var generation = current;
        if (generation.WatchingOrigins is { } known)
        {
            return known;
        }

        var rows = await statements.ReadAllAsync(watching, static row => row.GetString(0), cancellationToken);
        return generation.WatchingOrigins = rows.Select(ClientMetadata.FromJson)
            .Where(metadata => metadata.UsesSessionManagement)
            .SelectMany(metadata => ClientOrigins.Of(metadata.RedirectUris))
            .ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Drops everything: the next request reads what is stored now.</summary>
    public void Forget() => current = new Generation();

    private async Task<RegisteredClient?> LoadAsync(
        Func<IQueryable<Client>, IQueryable<Client>> filter, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<ProtocolDbContext>().Set<Client>().AsNoTracking();
        return await filter(clients).SingleOrDefaultAsync(cancellationToken) is { } entity ? new RegisteredClient(entity) : null;
    }

    private static RegisteredClient? Remember(Generation generation, RegisteredClient? client)
    {
        if (client is not null && generation.Clients.Count < RememberedClients)
        {
            generation.Rows[client.Id] = client;
            generation.Clients[client.ClientId] = client;
        }

        return client;
    }

    private sealed class Generation
    {
        public ConcurrentDictionary<string, RegisteredClient> Clients { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<Guid, RegisteredClient> Rows { get; } = new();

        public ConcurrentDictionary<string, bool> Strangers { get; } = new(StringComparer.Ordinal);

        public ClientAddresses? Addresses { get; set; }

        public IReadOnlySet<string>? WatchingOrigins { get; set; }
    }
}
