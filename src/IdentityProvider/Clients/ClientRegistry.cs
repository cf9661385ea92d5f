using System.Text.Json.Nodes;
using IdentityProvider.Audit;
using IdentityProvider.Consents;
using IdentityProvider.Data;
using IdentityProvider.Scopes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Clients;

/// <summary>
/// The only writer of clients. Every change is checked, is written together with its audit row,
/// and is heard of by every node's <see cref="ClientCatalog"/>.
/// </summary>
internal sealed class ClientRegistry(
    AppDbContext db, ClientAftermath aftermath, SectorDocuments sectors, AuditLog audit, IHostEnvironment environment)
{
    public async Task<ClientChange> CreateAsync(string clientId, ClientMetadata metadata, string? secret, CancellationToken cancellationToken)
    {
        var draft = new ClientDraft(clientId, metadata.ToMembers(), secret);
        await PrepareAsync([draft], cancellationToken);
        return await InTransactionAsync(
            async () => await ExistsAsync(clientId, cancellationToken)
                ? new ClientChange.Taken()
                : await StageAsync(draft, await ScopeRows.ReadAsync(db, cancellationToken), cancellationToken),
            cancellationToken);
    }

    public async Task<ClientChange> UpdateAsync(ClientDraft draft, CancellationToken cancellationToken)
    {
        await PrepareAsync([draft], cancellationToken);
        return await InTransactionAsync(
            async () => await ExistsAsync(draft.ClientId, cancellationToken)
                ? await StageAsync(draft, await ScopeRows.ReadAsync(db, cancellationToken), cancellationToken)
                : new ClientChange.Unknown(),
            cancellationToken);
    }

    /// <summary>Removes a client and everything it holds.</summary>
    /// <returns>False when there is no such client.</returns>
    public async Task<bool> DeleteAsync(string clientId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.HoldAsync(ChangeStamps.Clients, cancellationToken);
        if (await db.Set<Client>().SingleOrDefaultAsync(row => row.ClientId == clientId, cancellationToken) is not { } client)
        {
            return false;
        }

        await StageRemovalAsync(client, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        aftermath.Removed();
        return true;
    }

    /// <summary>
    /// Reads from others what the changes need, before a transaction begins: while it is open everybody else waits.
    /// What is not prepared here is read when it is needed.
    /// </summary>
    public async Task PrepareAsync(IReadOnlyCollection<ClientDraft> drafts, CancellationToken cancellationToken)
    {
        string[] concerned = ["redirect_uris", "sector_identifier_uri"];
        var ids = drafts.Where(draft => ClientRules.CanBeIdentifier(draft.ClientId) && concerned.Any(draft.Members.ContainsKey))
            .Select(draft => draft.ClientId).ToList();
        if (ids.Count == 0)
        {
            return;
        }

        var stored = await db.Set<Client>().AsNoTracking().Where(client => ids.Contains(client.ClientId!))
            .ToDictionaryAsync(client => client.ClientId!, client => client.Metadata, cancellationToken);
        foreach (var draft in drafts.Where(draft => ids.Contains(draft.ClientId)))
        {
            var members = new JsonObject(concerned.Where(draft.Members.ContainsKey)
                .Select(member => KeyValuePair.Create(member, draft.Members[member]?.DeepClone())));
            if (ClientMembers.Table.Check(members).Any())
            {
                continue;
            }

            var before = stored.GetValueOrDefault(draft.ClientId);
            var after = ClientMetadata.FromJson(ClientColumns.Merge(before ?? "{}", members));
            if (SectorDocuments.Concerns(before is null ? null : ClientMetadata.FromJson(before), after)
                && ClientRules.IsLink(after.SectorIdentifierUri!, environment.IsDevelopment()))
            {
                await sectors.ReadAsync(after.SectorIdentifierUri!, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Prepares a change for a caller that has a transaction of its own, has taken hold of <see cref="ChangeStamps.Clients"/> in it,
    /// and will save and commit. Creates the client when it is not there.
    /// </summary>
    public async Task<ClientChange> StageAsync(ClientDraft draft, ScopeSet scopes, CancellationToken cancellationToken)
    {
        var stored = await db.Set<Client>().SingleOrDefaultAsync(row => row.ClientId == draft.ClientId, cancellationToken);
        var client = stored ?? new Client { Id = Guid.CreateVersion7(), ClientId = draft.ClientId };
        var overlay = ClientOverlay.Of(draft, client, scopes, environment.IsDevelopment());
        var problems = overlay.Problems;
        if (problems.Count == 0 && SectorDocuments.Concerns(stored is null ? null : ClientMetadata.FromJson(client.Metadata), overlay.Metadata))
        {
            problems = await sectors.CheckAsync(overlay.Metadata, cancellationToken);
        }

        if (problems.Count == 0 && stored is null && await db.IsSubjectAsync(draft.ClientId, cancellationToken))
        {
            problems = [new("client_id", "This is the sub of a person: what the client does for itself would count as done by them (RFC 9068 section 5). Choose another.")];
        }

        if (problems.Count > 0)
        {
            return new ClientChange.Invalid(problems);
        }

        overlay.WriteTo(client);
        return await StageAsync(client, isNew: stored is null, cancellationToken);
    }

    /// <summary>Prepares the removal of a client, under the same conditions as <see cref="StageAsync(ClientDraft, ScopeSet, CancellationToken)"/>.</summary>
    public async Task StageRemovalAsync(Client client, CancellationToken cancellationToken)
    {
        await db.Set<Token>().Where(token => token.ApplicationId == client.Id).ExecuteDeleteAsync(cancellationToken);
        await db.Set<Grant>().Where(grant => grant.ApplicationId == client.Id).ExecuteDeleteAsync(cancellationToken);
        await ConsentLedger.ForgetClientAsync(db, client.ClientId!, cancellationToken);
        db.Remove(client);
        audit.Add(db, AuditEventType.ClientChanged, succeeded: true, clientId: client.ClientId, reason: "The client was removed.");
        await db.BumpAsync(ChangeStamps.Clients, cancellationToken);
    }

    private async Task<ClientChange> StageAsync(Client client, bool isNew, CancellationToken cancellationToken)
    {
        if (isNew)
        {
            db.Add(client);
        }
        else if (db.Entry(client).State == EntityState.Unchanged)
        {
            return new ClientChange.Unchanged(client);
        }
        else
        {
            client.ConcurrencyToken = Guid.CreateVersion7().ToString();
        }

        audit.Add(db, AuditEventType.ClientChanged, succeeded: true, clientId: client.ClientId,
            reason: isNew ? "The client was registered." : "The client's registration was changed.");
        await db.BumpAsync(ChangeStamps.Clients, cancellationToken);
        return isNew ? new ClientChange.Created(client) : new ClientChange.Updated(client);
    }

    private async Task<ClientChange> InTransactionAsync(Func<Task<ClientChange>> stage, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.HoldAsync(ChangeStamps.Clients, cancellationToken);
        var change = await stage();
        if (change is ClientChange.Created or ClientChange.Updated)
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await aftermath.ChangedAsync(cancellationToken);
        }

        return change;
    }

    private Task<bool> ExistsAsync(string clientId, CancellationToken cancellationToken) =>
        db.Set<Client>().AnyAsync(client => client.ClientId == clientId, cancellationToken);
}
