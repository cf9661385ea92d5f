using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace IdentityProvider.Data;

/// <summary>On SQLite: a few connections that read, with their commands prepared, and one that writes (<see cref="SqliteWriter"/>).</summary>
internal sealed class SqliteStatements(DatabaseFile file, ILogger<SqliteStatements> logger) : Statements, IDisposable
{
    // SQLite reads without waiting: no more readers are at work at once than threads run.
    private static readonly int kept = Environment.ProcessorCount * 2;

    private static readonly Statement shrink = new("PRAGMA shrink_memory");

    private readonly ConcurrentBag<SqliteStatementConnection> readers = [];
    private readonly SqliteWriter writer = new(file, new SqliteCheckpoints(file, logger));
    private volatile bool disposed;

    public override ValueTask<T?> ReadAsync<T>(
        Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values) where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(OnReader((statement, row, values), static (connection, asked) => connection.Read(asked.statement, asked.row, asked.values)));
    }

    public override ValueTask<List<T>> ReadAllAsync<T>(
        Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(ReadAll(statement, row, values));
    }

    public override List<T> ReadAll<T>(Statement statement, Func<DbDataReader, T> row, params object?[] values) =>
        OnReader((statement, row, values), static (connection, asked) => connection.ReadAll(asked.statement, asked.row, asked.values));

    public override Task<T> WriteAsync<T>(Func<StatementWriter, ValueTask<T>> work, CancellationToken cancellationToken) =>
        writer.WriteAsync(work, cancellationToken);

    // Each connection has pages of the file in memory, up to 2 MB.
    public override Task ReleaseMemoryAsync(CancellationToken cancellationToken)
    {
        CloseReaders();
        return ExecuteAsync(shrink, cancellationToken);
    }

    public void Dispose()
    {
        disposed = true;
        writer.Dispose();
        CloseReaders();
    }

    private void CloseReaders()
    {
        while (readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private TResult OnReader<TAsked, TResult>(TAsked asked, Func<SqliteStatementConnection, TAsked, TResult> read)
    {
        var connection = readers.TryTake(out var idle) ? idle : SqliteStatementConnection.Open(file);
        TResult found;
        try
        {
            found = read(connection, asked);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        if (!disposed && readers.Count < kept)
        {
            readers.Add(connection);
        }
        else
        {
            connection.Dispose();
        }

        return found;
    }
}

/// <summary>One connection with its prepared commands. Used by one thread at a time.</summary>
internal sealed class SqliteStatementConnection : StatementWriter, IDisposable
{
    // SQLITE_DBSTATUS_CACHE_WRITE
    private const int CacheWrite = 9;

    private static readonly Statement begin = new("BEGIN IMMEDIATE");
    private static readonly Statement commit = new("COMMIT");
    private static readonly Statement rollback = new("ROLLBACK");
    private static readonly Statement checkpoint = new("PRAGMA wal_checkpoint(PASSIVE)");

    private readonly SqliteConnection connection;
    private readonly Dictionary<Statement, SqliteQuery> queries = [];
    private readonly Dictionary<Statement, SqliteChange> changes = [];

    private SqliteStatementConnection(SqliteConnection connection) => this.connection = connection;

    public static SqliteStatementConnection Open(DatabaseFile file)
    {
        // Kept here and not in the driver's pool, which would forget the prepared commands.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(file.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            SqliteSettings.ApplyToShared(connection);
            return new SqliteStatementConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public T? Read<T>(Statement statement, Func<DbDataReader, T> row, object?[] values) where T : class
    {
        Statements.Count(statement);
        return Query(statement).First(row, values);
    }

    public List<T> ReadAll<T>(Statement statement, Func<DbDataReader, T> row, object?[] values)
    {
        Statements.Count(statement);
        return Query(statement).All(row, values);
    }

    public override ValueTask<int> ExecuteAsync(Statement statement, params object?[] values)
    {
        Statements.Count(statement);
        return new(Change(statement).Execute(values));
    }

    public void Begin() => Change(begin).Execute([]);

    public void Commit() => Change(commit).Execute([]);

    public void Rollback() => Change(rollback).Execute([]);

    /// <summary>How many pages it has written into SQLite's log since this was asked before.</summary>
    public int TakeWritten()
    {
        _ = raw.sqlite3_db_status(connection.Handle, CacheWrite, out var pages, out _, resetFlg: 1);
        return pages;
    }

    /// <summary>Moves what is in SQLite's log into the file, as far as no reader needs the file as it is, and waits for nobody.</summary>
    /// <returns>How many pages are in the log, and how many of them are in the file now.</returns>
    public (int Logged, int Moved) Checkpoint()
    {
        var moved = Query(checkpoint).All(static row => (row.GetInt32(1), row.GetInt32(2)), []);
        return moved[0];
    }

    public void Dispose()
    {
        foreach (var query in queries.Values)
        {
            query.Dispose();
        }

        foreach (var change in changes.Values)
        {
            change.Dispose();
        }

        connection.Dispose();
    }

    private SqliteChange Change(Statement statement)
    {
        if (!changes.TryGetValue(statement, out var change))
        {
            change = new SqliteChange(connection.Handle!, statement);
            changes.Add(statement, change);
        }

        return change;
    }

    private SqliteQuery Query(Statement statement)
    {
        if (!queries.TryGetValue(statement, out var query))
        {
            query = new SqliteQuery(connection.Handle!, statement);
            queries.Add(statement, query);
        }

        return query;
    }
}
