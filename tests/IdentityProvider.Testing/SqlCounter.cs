using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.Metrics;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace IdentityProvider.Testing;

/// <summary>Records the SQL commands of each request. Transaction brackets are not commands here.</summary>
public sealed class SqlCounter : DbCommandInterceptor, IDisposable
{
    // Set where a request enters the pipeline, so that background work is never counted as part of a request.
    private readonly AsyncLocal<ConcurrentQueue<string>?> current = new();
    private readonly ConcurrentDictionary<string, IReadOnlyCollection<string>> finished = new();

    // The commands that go around EF Core are told by a meter, on the thread that runs them.
    private readonly MeterListener around = new();

    internal const string RequestHeader = "X-Test-Count-Sql";

    public SqlCounter()
    {
        around.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Name: Statements.CounterName, Meter.Name: Statements.MeterName })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        around.SetMeasurementEventCallback<long>((_, _, tags, _) => current.Value?.Enqueue((string)tags[0].Value!));
        around.Start();
    }

    public void Dispose() => around.Dispose();

    /// <summary>The commands of the request that was sent under this mark.</summary>
    public IReadOnlyCollection<string> CommandsOf(string mark) => finished[mark];

    /// <summary>Records the commands of something else than a request.</summary>
    public async Task ObserveAsync(string mark, Func<Task> request)
    {
        var commands = new ConcurrentQueue<string>();
        current.Value = commands;
        finished[mark] = commands;
        await request();
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Count(command);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Count(command);
        return new(result);
    }

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Count(command);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Count(command);
        return new(result);
    }

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Count(command);
        return result;
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Count(command);
        return new(result);
    }

    private void Count(DbCommand command)
    {
        var text = command.CommandText;
        if (current.Value is { } commands && !IsBracket(text))
        {
            commands.Enqueue(text);
        }
    }

    private static bool IsBracket(string sql) =>
        sql.StartsWith("BEGIN", StringComparison.OrdinalIgnoreCase)
        || sql.StartsWith("COMMIT", StringComparison.OrdinalIgnoreCase)
        || sql.StartsWith("ROLLBACK", StringComparison.OrdinalIgnoreCase)
        || sql.StartsWith("SAVEPOINT", StringComparison.OrdinalIgnoreCase)
        || sql.StartsWith("RELEASE", StringComparison.OrdinalIgnoreCase);
}
