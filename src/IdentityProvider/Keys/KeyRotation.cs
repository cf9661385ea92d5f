using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Keys;

/// <summary>The only writer of signing keys.</summary>
internal sealed class KeyRotation(AppDbContext db, KeyMaterial material, KeyRing ring, AuditLog audit, IOptions<KeyOptions> options, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Makes the first keys of the algorithms that always have one.</summary>
    public Task EnsureFirstKeysAsync(CancellationToken cancellationToken) => EnsureAsync(KeyLife.Always, cancellationToken);

    /// <summary>Makes the first key of every one of these algorithms that has none. It signs at once: nothing could have signed before it.</summary>
    public async Task EnsureAsync(IEnumerable<string> algorithms, CancellationToken cancellationToken)
    {
        var existing = await ring.ReadStoredAsync(cancellationToken);
        var missing = SignatureAlgorithms.All.Intersect(algorithms).Except(existing.Select(key => key.Algorithm)).ToList();
        foreach (var algorithm in missing)
        {
            await TryAddAsync(material.Create(algorithm, generation: 1, Now, Now), [], cancellationToken);
        }

        if (missing.Count > 0)
        {
            await ring.RefreshAsync(cancellationToken);
        }
    }

    /// <summary>Makes successors whose time has come and deletes keys whose time is over.</summary>
    public async Task RotateDueAsync(CancellationToken cancellationToken)
    {
        await DeleteExpiredAsync(cancellationToken);
        foreach (var newest in await NewestAsync(cancellationToken))
        {
            if (KeyLife.NextActivation(newest, options.Value, Now) is { } activateAt)
            {
                await TrySucceedAsync(newest, activateAt, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Publishes a successor of every active key, to take over after <see cref="KeyOptions.PublishLead"/>.
    /// An algorithm whose successor is already published keeps it.
    /// </summary>
    public async Task RotateAsync(CancellationToken cancellationToken)
    {
        foreach (var newest in await NewestAsync(cancellationToken))
        {
            if (newest.ActivateAt <= Now)
            {
                await TrySucceedAsync(newest, Now + options.Value.PublishLead, cancellationToken);
            }
        }
    }

    /// <summary>
    /// For a key that may be in wrong hands: new keys sign at once, and everything signed with the old ones stops being valid.
    /// Reads no old key, so it also helps where they can no longer be unwrapped.
    /// </summary>
    public async Task ReplaceNowAsync(CancellationToken cancellationToken)
    {
        var newest = await NewestAsync(cancellationToken);
        foreach (var algorithm in KeyLife.Always.Union(newest.Select(key => key.Algorithm)))
        {
            var generation = (newest.FirstOrDefault(key => key.Algorithm == algorithm)?.Generation ?? 0) + 1;
            var old = await db.Set<SigningKey>().AsNoTracking().Where(key => key.Algorithm == algorithm).ToListAsync(cancellationToken);
            await TryAddAsync(material.Create(algorithm, generation, Now, Now), old, cancellationToken);
        }
    }

    private async Task TrySucceedAsync(SigningKey newest, DateTime activateAt, CancellationToken cancellationToken)
    {
        // Before the transaction: wrapping may make Data Protection write a key of its own, over another connection, and SQLite has one writer.
        var successor = material.Create(newest.Algorithm, newest.Generation + 1, Now, activateAt);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var deleteAt = activateAt + options.Value.RetiredLifetime;
        var retired = await db.Set<SigningKey>().Where(key => key.Id == newest.Id && key.RetireAt == null)
            .ExecuteUpdateAsync(set => set
                .SetProperty(key => key.RetireAt, activateAt)
                .SetProperty(key => key.DeleteAt, deleteAt), cancellationToken);
        if (retired == 1)
        {
            Add(successor);
            await SaveAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            ring.Forget();
        }
    }

    private async Task TryAddAsync(SigningKey key, List<SigningKey> replaced, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ids = replaced.Select(old => old.Id).ToList();
        await db.Set<SigningKey>().Where(old => ids.Contains(old.Id)).ExecuteDeleteAsync(cancellationToken);
        foreach (var old in replaced)
        {
            audit.Add(db, AuditEventType.KeyRetired, true, reason: $"{old.Algorithm} key {old.Kid} was replaced at once.");
        }

        Add(key);
        try
        {
            await SaveAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Another node made this generation first; one set is what was wanted.
            db.ChangeTracker.Clear();
        }

        ring.Forget();
    }

    private async Task DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        var keys = await ring.ReadStoredAsync(cancellationToken);
        foreach (var key in keys.Where(key => key.DeleteAt <= now))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (await db.Set<SigningKey>().Where(row => row.Id == key.Id).ExecuteDeleteAsync(cancellationToken) == 1)
            {
                audit.Add(db, AuditEventType.KeyRetired, true, reason: $"{key.Algorithm} key {key.Kid} was deleted at the end of its life.");
                await SaveAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                ring.Forget();
            }
        }
    }

    private void Add(SigningKey key)
    {
        db.Add(key);
        audit.Add(db, AuditEventType.KeyCreated, true, reason: $"{key.Algorithm} key {key.Kid} signs from {key.ActivateAt:yyyy-MM-dd HH:mm} UTC.");
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        await db.BumpAsync(ChangeStamps.Keys, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<SigningKey>> NewestAsync(CancellationToken cancellationToken) =>
        KeyLife.Newest(await ring.ReadStoredAsync(cancellationToken));
}
