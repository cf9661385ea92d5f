using System.Data.Common;
using System.Diagnostics.Metrics;

namespace IdentityProvider.Data;

/// <summary>
/// The way around EF Core for the few commands of which a token request consists: making and reading entities, and parsing the same SQL each time,
/// would cost several times what the database does; and for what a start and an idle server ask, which then need no EF Core in memory.
/// Everything else goes through EF Core.
/// </summary>
internal abstract class Statements
{
    /// <summary>The meter under which commands are counted that no interceptor of EF Core sees.</summary>
    public const string MeterName = "IdentityProvider";

    /// <summary>The counter; the tag <c>db.query.text</c> is the command.</summary>
    public const string CounterName = "identityprovider.sql.commands";

    private static readonly object found = new();
    private static readonly Meter meter = new(MeterName);
    private static readonly Counter<long> commands = meter.CreateCounter<long>(CounterName, "{command}", "SQL commands that go around EF Core.");

    /// <summary>The first row of what a command selects, or null.</summary>
    /// <param name="row">Reads it.</param>
    public abstract ValueTask<T?> ReadAsync<T>(Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values)
        where T : class;

    /// <summary>All rows of what a command selects.</summary>
    public abstract ValueTask<List<T>> ReadAllAsync<T>(
        Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values);

    /// <summary>The same, for an interface of the framework that cannot wait.</summary>
    public abstract List<T> ReadAll<T>(Statement statement, Func<DbDataReader, T> row, params object?[] values);

    /// <summary>Whether a command selects a row.</summary>
    public async ValueTask<bool> AnyAsync(Statement statement, CancellationToken cancellationToken, params object?[] values) =>
        await ReadAsync(statement, static _ => found, cancellationToken, values) is not null;

    /// <summary>Runs one command as a transaction of its own.</summary>
    /// <returns>How many rows it changed.</returns>
    public Task<int> ExecuteAsync(Statement statement, CancellationToken cancellationToken, params object?[] values) =>
        WriteAsync(writer => writer.ExecuteAsync(statement, values), cancellationToken);

    /// <summary>
    /// Runs commands as one transaction and returns when it is durable. On SQLite whoever writes at the same time shares the commit.
    /// </summary>
    /// <param name="work">
    /// Executes the commands and awaits nothing else. It may run twice, the first time without effect, when somebody else's commands in the same batch failed.
    /// </param>
    public abstract Task<T> WriteAsync<T>(Func<StatementWriter, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Gives up the memory that connections keep for what comes next, when nothing comes.</summary>
    public virtual Task ReleaseMemoryAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Counts a command where it runs.</summary>
    protected internal static void Count(Statement statement)
    {
        if (commands.Enabled)
        {
            commands.Add(1, new KeyValuePair<string, object?>("db.query.text", statement.Text));
        }
    }
}

/// <summary>Executes the commands of one transaction.</summary>
internal abstract class StatementWriter
{
    /// <returns>How many rows it changed.</returns>
    public abstract ValueTask<int> ExecuteAsync(Statement statement, params object?[] values);
}
