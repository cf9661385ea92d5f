using System.Collections.Concurrent;
using System.Globalization;
using IdentityProvider.Configuration;
using IdentityProvider.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.UnitTests.Data;

/// <summary>What is written goes from SQLite's log into the file beside the writer, and the log does not grow for ever.</summary>
public sealed class SqliteCheckpointsTests : IDisposable
{
    private const int Megabyte = 1 << 20;
    private static readonly Statement add = new("INSERT INTO \"Things\" (\"Bytes\") VALUES (@bytes)", "@bytes");

    private readonly string folder = Directory.CreateTempSubdirectory("identityprovider-checkpoints").FullName;
    private readonly Lines log = new();
    private readonly DatabaseFile file;

    public SqliteCheckpointsTests()
    {
        file = FileAt("test.db");
        using var connection = Open();
        Execute(connection, "PRAGMA journal_mode=WAL; CREATE TABLE \"Things\" (\"Id\" INTEGER PRIMARY KEY, \"Bytes\" BLOB NOT NULL);");
    }

    private string LogPath => Path.Combine(folder, "test.db-wal");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Under_constant_writing_and_reading_the_log_begins_anew_again_and_again()
    {
        using var writer = new SqliteWriter(file, new SqliteCheckpoints(file, log));
        using var enough = new CancellationTokenSource();
        var reading = Task.Run(() => ReadUntil(enough.Token), TestContext.Current.CancellationToken);

        await WriteAsync(writer, megabytes: 160);

        await enough.CancelAsync();
        await reading;
        // The file of the log never gets shorter than it once was.
        Assert.InRange(new FileInfo(LogPath).Length, 1, 56 * Megabyte);
        Assert.Empty(log);
    }

    [Fact]
    public async Task Whoever_reads_for_long_makes_the_log_grow_which_is_told_once_and_then_it_is_cut()
    {
        using var writer = new SqliteWriter(file, new SqliteCheckpoints(file, log));
        using (var reader = Open())
        {
            using var transaction = reader.BeginTransaction(deferred: true);
            Assert.Equal(0, CountIn(reader));
            await WriteAsync(writer, megabytes: 90);
            Assert.Equal(0, CountIn(reader));
            Assert.InRange(new FileInfo(LogPath).Length, 90 * Megabyte, long.MaxValue);
            var line = Assert.Single(log);
            Assert.StartsWith("Warning: SQLite's log has 6", line, StringComparison.Ordinal);
        }

        // It takes a moment to move so much, and what is written meanwhile.
        for (var turn = 0; turn < 50 && new FileInfo(LogPath).Length > 64 * Megabyte; turn++)
        {
            await WriteAsync(writer, megabytes: 10);
        }

        Assert.InRange(new FileInfo(LogPath).Length, 1, 64 * Megabyte);
        Assert.Single(log);
    }

    [Fact]
    public async Task A_failure_is_told_once_and_disturbs_no_writer_and_it_is_tried_again()
    {
        // Stands for any error of the disk: the file cannot be opened.
        using var writer = new SqliteWriter(file, new SqliteCheckpoints(FileAt("missing/test.db"), log));

        await WriteAsync(writer, megabytes: 40);
        var line = Assert.Single(log);
        Assert.StartsWith("Error: What was written could not be moved", line, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(folder, "missing"));
        await WriteAsync(writer, megabytes: 40);

        Assert.Equal(["Error", "Information"], log.Select(entry => entry.Split(':')[0]));
        Assert.Equal(80 * 16, Count());
    }

    [Fact]
    public async Task It_ends_with_the_writer_and_leaves_a_file_that_holds_everything_by_itself()
    {
        using (var writer = new SqliteWriter(file, new SqliteCheckpoints(file, log)))
        {
            await WriteAsync(writer, megabytes: 20);
        }

        Assert.False(File.Exists(LogPath));
        using var connection = Open();
        Assert.Equal(20 * 16, CountIn(connection));
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", check.ExecuteScalar());
    }

    [Fact]
    public async Task Where_nothing_was_written_it_ends_too()
    {
        using var writer = new SqliteWriter(file, new SqliteCheckpoints(file, log));

        Assert.Equal(1, await writer.WriteAsync(work => work.ExecuteAsync(add, new byte[1]), CancellationToken.None));
    }

    // Four at a time, in transactions of up to 256 kB.
    private static async Task WriteAsync(SqliteWriter writer, int megabytes)
    {
        var bytes = new byte[Megabyte / 16];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var written = 0; written < megabytes * 4; written++)
            {
                await writer.WriteAsync(work => work.ExecuteAsync(add, bytes), CancellationToken.None);
            }
        }));
    }

    private void ReadUntil(CancellationToken enough)
    {
        using var connection = Open();
        while (!enough.IsCancellationRequested)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT max(\"Id\") FROM \"Things\"";
            command.ExecuteScalar();
        }
    }

    private long Count()
    {
        using var connection = Open();
        return CountIn(connection);
    }

    private static long CountIn(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM \"Things\"";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(file.ConnectionString);
        connection.Open();
        return connection;
    }

    private DatabaseFile FileAt(string path) =>
        new(Options.Create(new DatabaseOptions { ConnectionString = $"Data Source={Path.Combine(folder, path)};Pooling=False" }), null!);

    private sealed class Lines : ConcurrentQueue<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
