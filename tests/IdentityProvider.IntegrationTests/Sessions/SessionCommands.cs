using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.Metrics;
using IdentityProvider.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>Keeps the commands that look for sessions, with their parameters, to have them explained.</summary>
internal sealed class SessionCommands : DbCommandInterceptor, IDisposable
{
    private readonly ConcurrentDictionary<string, DbParameter[]> seen = new();
    private readonly ConcurrentDictionary<string, bool> statements = new();

    // The commands that go around EF Core are told by a meter.
    private readonly MeterListener around = new();

    public SessionCommands()
    {
        around.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Name: Data.Statements.CounterName, Meter.Name: Data.Statements.MeterName })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        around.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (tags[0].Value is string text && Looks(text))
            {
                statements[text] = true;
            }
        });
        around.Start();
    }

    /// <summary>Those of EF Core, with their parameters.</summary>
    public IReadOnlyDictionary<string, DbParameter[]> Seen => seen;

    /// <summary>Those that go around it. Their values are not told.</summary>
    public IEnumerable<string> Statements => statements.Keys;

    public void Clear()
    {
        seen.Clear();
        statements.Clear();
    }

    public void Dispose() => around.Dispose();

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
        if (Looks(command.CommandText))
        {
            seen[command.CommandText] = [.. command.Parameters.Cast<DbParameter>().Select(Copy)];
        }
    }

    private static bool Looks(string sql) =>
        sql.Contains("\"Sessions\"", StringComparison.Ordinal) && !sql.Contains("INSERT", StringComparison.Ordinal);

    private static DbParameter Copy(DbParameter parameter) => parameter is NpgsqlParameter postgres
        ? postgres.Clone()
        : new SqliteParameter(parameter.ParameterName, parameter.Value);
}
