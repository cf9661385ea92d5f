using System.Globalization;
using IdentityProvider.Data;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.UnitTests.Data;

/// <summary>Rows are read as the driver reads them.</summary>
public sealed class SqliteRowTests : IDisposable
{
    private readonly SqliteConnection connection = new("Data Source=:memory:");

    public SqliteRowTests() => connection.Open();

    public void Dispose() => connection.Dispose();

    [Theory]
    [InlineData("2026-11-27 03:44:05")]
    [InlineData("2026-11-27 03:44:05.1")]
    [InlineData("2026-11-27 03:44:05.0012345")]
    [InlineData("0001-01-01 00:00:00")]
    [InlineData("9999-12-31 23:59:59.9999999")]
    [InlineData("2026-11-27")]
    [InlineData("2026-11-27T03:44:05")]
    public void Times(string text)
    {
        using var query = Query($"SELECT '{text}'");

        Assert.Equal([DateTime.Parse(text, CultureInfo.InvariantCulture)], query.All(static row => row.GetDateTime(0), []));
    }

    [Theory] // Whoever wrote one with an offset by hand means the same moment wherever the server is.
    [InlineData("2026-11-27T03:44:05Z")]
    [InlineData("2026-11-27 05:44:05+02:00")]
    public void Times_with_an_offset(string text)
    {
        using var query = Query($"SELECT '{text}'");

        Assert.Equal([new DateTime(2026, 11, 27, 3, 44, 5, DateTimeKind.Utc)], query.All(static row => row.GetDateTime(0), []));
    }

    [Theory]
    [InlineData("2026-11-27 03:44:05.")]
    [InlineData("2026-13-27 03:44:05")]
    [InlineData("yesterday")]
    public void NoTimes(string text)
    {
        using var query = Query($"SELECT '{text}x'");

        Assert.ThrowsAny<FormatException>(() => query.All(static row => row.GetDateTime(0), []));
    }

    [Fact]
    public void ValuesAndNothing()
    {
        using var query = Query("SELECT '', 'ä', NULL, 7, 1, x'0102', '0192F3C8-0000-7000-8000-00000000000A', 0");

        var found = query.All(
            static row => (row.Text(0), row.Text(1), row.Text(2), row.GetInt64(3), row.GetBoolean(4), row.Bytes(5), row.Guid(6), row.Guid(2), row.GetInt32(7)), []);

        var (empty, text, none, number, flag, bytes, id, noId, zero) = Assert.Single(found);
        Assert.Equal(("", "ä", null, 7L, true), (empty, text, none, number, flag));
        Assert.Equal([1, 2], bytes!);
        Assert.Equal(Guid.Parse("0192F3C8-0000-7000-8000-00000000000A"), id);
        Assert.Null(noId);
        Assert.Equal(0, zero);
    }

    [Fact]
    public void WhereThereMustBeAValueNothingFails()
    {
        using var query = Query("SELECT NULL");

        Assert.Throws<InvalidCastException>(() => query.All(static row => row.GetString(0), []));
        Assert.Throws<InvalidCastException>(() => query.All(static row => row.GetInt64(0), []));
    }

    [Fact]
    public void AValueForEachParameterAndOneCommand()
    {
        using var query = Query("SELECT @a || @b", "@b", "@a");

        Assert.Equal(["ab"], query.All(static row => row.GetString(0), ["b", "a"]));
        Assert.Throws<ArgumentException>(() => query.All(static row => row.GetString(0), ["b"]));
        Assert.Throws<ArgumentException>(() => Query("SELECT @a", "@b"));
        Assert.Throws<ArgumentException>(() => Query("SELECT @a, @b", "@a"));
        Assert.Throws<ArgumentException>(() => Query("SELECT 1; SELECT 2"));
        Assert.Throws<SqliteException>(() => Query("SELECT FROM"));
    }

    private SqliteQuery Query(string text, params string[] parameters) => new(connection.Handle!, new Statement(text, parameters));
}
