using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>Keeps the commands that look for sessions, with their parameters, to have them explained.</summary>
internal sealed class SessionCommands : DbCommandInterceptor
{
    private readonly ConcurrentDictionary<string, DbParameter[]> seen = new();

    public IReadOnlyDictionary<string, DbParameter[]> Seen => seen;

    public void Clear() => seen.Clear();

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Keep(command);
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Keep(command);
        return new(result);
    }

    private void Keep(DbCommand command)
    {
        if (command.CommandText.Contains("\"Sessions\"", StringComparison.Ordinal) && !command.CommandText.Contains("INSERT", StringComparison.Ordinal))
        {
            seen[command.CommandText] = [.. command.Parameters.Cast<DbParameter>().Select(Copy)];
        }
    }

    private static DbParameter Copy(DbParameter parameter) => parameter is NpgsqlParameter postgres
        ? postgres.Clone()
        : new SqliteParameter(parameter.ParameterName, parameter.Value);
}
