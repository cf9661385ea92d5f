using IdentityProvider.Data;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.UnitTests.Data;

/// <summary>What is written past the driver must be what the driver writes: it reads the rows, and EF Core compares with them.</summary>
public sealed class SqliteChangeTests : IDisposable
{
    private readonly SqliteConnection connection = new("Data Source=:memory:");

    public SqliteChangeTests()
    {
        connection.Open();
        Ask("CREATE TABLE \"Things\" (\"Id\" INTEGER PRIMARY KEY, \"Value\" UNIQUE)");
    }

    public static TheoryData<object> Values() =>
    [
        "", "text", "Grüße, 世界 \U0001F511", "'; DROP TABLE \"Things\"; --", new string('x', 10_000), Array.Empty<byte>(), new byte[] { 0, 1, 0, 255 }, Guid.Empty,
        new Guid("0193a2b4-c5d6-7e8f-9a0b-c1d2e3f4a5b6"), true, false, 0, -1, int.MaxValue, long.MinValue, long.MaxValue, DateTime.MinValue, DateTime.MaxValue,
        new DateTime(2026, 11, 27, 1, 2, 3, DateTimeKind.Utc), new DateTime(2026, 11, 27, 1, 2, 3, 40, DateTimeKind.Utc),
        new DateTime(2026, 11, 27, 23, 59, 59, 999, 999, DateTimeKind.Utc),
    ];

    [Theory]
    [InlineData(null)]
    [MemberData(nameof(Values))]
    public void A_value_is_written_as_the_driver_writes_it(object? value)
    {
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "INSERT INTO \"Things\" VALUES (1, @value)";
            command.Parameters.AddWithValue("@value", value ?? DBNull.Value);
            command.ExecuteNonQuery();
        }

        var byDriver = Written();
        Ask("DELETE FROM \"Things\"");
        using var change = Change("INSERT INTO \"Things\" VALUES (1, @value)", "@value");

        Assert.Equal(1, change.Execute([value]));
        Assert.Equal(byDriver, Written());
    }

    [Fact]
    public void Values_go_to_parameters_by_name_wherever_and_however_often_they_stand()
    {
        Ask("INSERT INTO \"Things\" VALUES (1, 'old'), (2, 'other')");
        using var change = Change("UPDATE \"Things\" SET \"Value\" = @value WHERE \"Id\" = @id AND @value <> \"Value\" AND @id > 0", "@id", "@value");

        Assert.Equal(1, change.Execute([1, "new"]));
        Assert.Equal(0, change.Execute([1, "new"]));
        Assert.Equal(0, change.Execute([3, "third"]));
        Assert.Equal(1, change.Execute([2, "second"]));
        Assert.Equal("'new','second'", Ask("SELECT group_concat(quote(\"Value\")) FROM \"Things\""));
    }

    [Fact]
    public void Several_commands_in_one_are_all_done_in_their_order()
    {
        using var change = Change(
            "INSERT INTO \"Things\" VALUES (@id, @value); UPDATE \"Things\" SET \"Value\" = @value || '!' WHERE \"Id\" = @id;\nDELETE FROM \"Things\" WHERE \"Value\" = @gone", "@id", "@value", "@gone");

        Assert.Equal(2, change.Execute([1, "first", "nothing"]));
        Assert.Equal(3, change.Execute([2, "second", "first!"]));
        Assert.Equal("second!", Ask("SELECT group_concat(\"Value\") FROM \"Things\""));
    }

    [Fact]
    public void A_failure_is_the_drivers_and_does_not_keep_the_command_from_what_comes_next()
    {
        using var change = Change("INSERT INTO \"Things\" (\"Value\") VALUES (@value)", "@value");
        change.Execute(["taken"]);

        var failure = Assert.Throws<SqliteException>(() => change.Execute(["taken"]));

        Assert.Equal((SQLitePCL.raw.SQLITE_CONSTRAINT, SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE), (failure.SqliteErrorCode, failure.SqliteExtendedErrorCode));
        Assert.Equal(1, change.Execute(["free"]));
    }

    [Fact]
    public void What_cannot_be_right_is_refused()
    {
        Assert.Throws<SqliteException>(() => Change("INSERT INTO \"Nothing\" VALUES (1)"));
        using var change = Change("INSERT INTO \"Things\" (\"Value\") VALUES (@value)", "@value");

        Assert.Throws<ArgumentException>(() => change.Execute([]));
        Assert.Throws<ArgumentException>(() => change.Execute(["one", "two"]));
        Assert.Throws<NotSupportedException>(() => change.Execute([TimeSpan.Zero]));
        Assert.Equal("0", Ask("SELECT count(*) FROM \"Things\""));
    }

    [Fact]
    public void A_pragma_may_answer()
    {
        using var change = Change("PRAGMA shrink_memory");
        change.Execute([]);
        using var answering = Change("PRAGMA user_version");
        answering.Execute([]);
    }

    public void Dispose() => connection.Dispose();

    private SqliteChange Change(string text, params string[] parameters) => new(connection.Handle!, new Statement(text, parameters));

    private string? Written() => Ask("SELECT typeof(\"Value\") || ' ' || quote(\"Value\") FROM \"Things\"");

    private string? Ask(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }
}
