using IdentityProvider.Data;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.UnitTests.Data;

public sealed class SqliteLibraryTests
{
    [Fact]
    public void It_is_one_whose_checkpoints_cannot_meet_a_commit_wrongly()
    {
        SqliteLibrary.Prepare();
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();

        Assert.True(Version.Parse(connection.ServerVersion) >= new Version(3, 51, 3), $"SQLite {connection.ServerVersion} may damage a database: sqlite.org/wal.html#walresetbug.");
    }
}
