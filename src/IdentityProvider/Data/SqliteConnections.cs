using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace IdentityProvider.Data;

/// <summary>Gives <see cref="SqliteSettings"/> to the connections of EF Core.</summary>
internal sealed class SqliteConnections : DbConnectionInterceptor
{
    // Pooled connections come back with the same native handle and its settings, so each needs them once.
    private readonly ConditionalWeakTable<object, object> prepared = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Prepare(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Prepare(connection);
        return Task.CompletedTask;
    }

    private void Prepare(DbConnection connection)
    {
        if (connection is not SqliteConnection sqlite)
        {
            return;
        }

        sqlite.DefaultTimeout = SqliteSettings.PatienceInSeconds;
        if (sqlite.Handle is { } handle && prepared.TryAdd(handle, handle))
        {
            SqliteSettings.Apply(sqlite);
        }
    }
}
