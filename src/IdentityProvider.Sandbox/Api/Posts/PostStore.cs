using Microsoft.Data.Sqlite;

namespace IdentityProvider.Sandbox.Api.Posts;

/// <summary>The posts. A change says under which state it is possible, and finds nothing to change under another.</summary>
internal sealed class PostStore(PublishingDatabase database, TimeProvider clock)
{
    private const string Columns = "Id, OwnerSubject, Byline, Title, Text, PublishAt, IsWithdrawn";

    public IReadOnlyList<Post> All() => database.Query($"SELECT {Columns} FROM Posts ORDER BY Id DESC", Read);

    public Post? Find(int id) => One($"SELECT {Columns} FROM Posts WHERE Id = @id", ("@id", id));

    public Post Add(string owner, Draft draft) => One(
        $"INSERT INTO Posts (OwnerSubject, Byline, Title, Text) VALUES (@owner, @byline, @title, @text) RETURNING {Columns}",
        [("@owner", owner), .. Content(draft)])!;

    /// <summary>New words. A post that was withdrawn is a draft again.</summary>
    public Post? Edit(int id, Draft draft) => One(
        $"UPDATE Posts SET Byline = @byline, Title = @title, Text = @text, IsWithdrawn = 0 WHERE Id = @id RETURNING {Columns}",
        [("@id", id), .. Content(draft)]);

    /// <summary>As long as it is not published.</summary>
    public Post? Withdraw(int id) => One(
        $"UPDATE Posts SET IsWithdrawn = 1, PublishAt = NULL WHERE Id = @id AND IsWithdrawn = 0 AND (PublishAt IS NULL OR PublishAt > @now) RETURNING {Columns}",
        ("@id", id), ("@now", Now));

    /// <summary>As long as it is neither published nor withdrawn.</summary>
    public Post? Publish(int id, DateTimeOffset? at) => One(
        $"UPDATE Posts SET PublishAt = @at WHERE Id = @id AND IsWithdrawn = 0 AND (PublishAt IS NULL OR PublishAt > @now) RETURNING {Columns}",
        ("@id", id), ("@now", Now), ("@at", at?.ToUnixTimeSeconds() ?? Now));

    /// <summary>As long as it is published or will be.</summary>
    public Post? Unpublish(int id) => One(
        $"UPDATE Posts SET PublishAt = NULL WHERE Id = @id AND PublishAt IS NOT NULL RETURNING {Columns}", ("@id", id));

    public bool Delete(int id) => One($"DELETE FROM Posts WHERE Id = @id RETURNING {Columns}", ("@id", id)) is not null;

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    private Post? One(string sql, params IEnumerable<(string Name, object? Value)> parameters) => database.Query(sql, Read, parameters).SingleOrDefault();

    private static IEnumerable<(string Name, object? Value)> Content(Draft draft) =>
        [("@byline", draft.Byline), ("@title", draft.Title), ("@text", draft.Text)];

    private static Post Read(SqliteDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
        row.IsDBNull(5) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(5)),
        row.GetBoolean(6));
}
