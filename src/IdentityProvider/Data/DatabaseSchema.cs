using System.Data.Common;
using IdentityProvider.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Data;

/// <summary>Brings the tables to this version, and refuses to serve on tables of another. The caller holds the <see cref="StartLock"/>.</summary>
internal sealed class DatabaseSchema(
    IServiceScopeFactory scopes, Statements statements, DatabaseFile file, IOptions<DatabaseOptions> options)
{
    private static readonly Statement applied = new("""SELECT "MigrationId" FROM "__EFMigrationsHistory" """);

    /// <summary>Applies what is pending and returns its names.</summary>
    public async Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellationToken)
    {
        if (await HasExactlyThisVersionAsync(cancellationToken))
        {
            return [];
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await RefuseNewerTablesAsync(db, cancellationToken);
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count == 0)
        {
            return pending;
        }

        if (options.Value.Provider == DatabaseProvider.Sqlite)
        {
            await PrepareSqliteAsync(db, cancellationToken);
        }

        await db.Database.MigrateAsync(cancellationToken);
        return pending;
    }

    /// <summary>For a start that does not migrate.</summary>
    public async Task RequireAppliedAsync(CancellationToken cancellationToken)
    {
        if (await HasExactlyThisVersionAsync(cancellationToken))
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await RefuseNewerTablesAsync(db, cancellationToken);
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            throw new StartRefusedException(
                $"The database lacks {(pending.Count == 1 ? "a migration" : $"{pending.Count} migrations")} of this version; run the command migrate first, or set {DatabaseOptions.Section}:MigrateAtStart to true.");
        }
    }

    // Nearly every start.
    private async Task<bool> HasExactlyThisVersionAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Provider == DatabaseProvider.Sqlite && !File.Exists(file.Path))
        {
            // Looking would make the file.
            return false;
        }

        try
        {
            var names = await statements.ReadAllAsync(applied, static row => row.GetString(0), cancellationToken);
            return names.ToHashSet(StringComparer.Ordinal).SetEquals(SchemaVersion.Migrations);
        }
        catch (DbException)
        {
            // No such table or no such database: the longer way knows what to do.
            return false;
        }
    }

    // An older program on newer tables would fail somewhere in the middle of a request.
    private static async Task RefuseNewerTablesAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var unknown = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).FirstOrDefault(name => !known.Contains(name));
        if (unknown is not null)
        {
            throw new StartRefusedException(
                $"The database has the migration {unknown}, which a newer version of this program made; start that version, or restore the database from before it.");
        }
    }

    private static async Task PrepareSqliteAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken))
        {
            await creator.CreateAsync(cancellationToken);
        }

        // Readers go on while one writer writes. Kept in the file, so it is said once.
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancellationToken);

        // The library's own lock is a row, which a process killed while migrating leaves behind for the next to wait on for ever.
        // We hold the start lock, so whoever wrote it is gone.
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\";", cancellationToken);
    }
}
