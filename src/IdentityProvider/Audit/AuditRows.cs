using IdentityProvider.Data;

namespace IdentityProvider.Audit;

/// <summary>Writes many events at once, around EF Core: there is one for every token.</summary>
internal sealed class AuditRows(Statements statements)
{
    private const int Many = 16;

    private static readonly string[] columns =
        ["Id", "At", "Type", "Succeeded", "Subject", "ClientId", "ActorSubject", "ActorClientId", "SessionId", "RemoteAddress", "Reason", "TraceId"];

    private static readonly Statement one = Insert(1);
    private static readonly Statement many = Insert(Many);

    /// <summary>Writes those that are not there yet: the connection may have broken after the commit of an earlier attempt.</summary>
    public Task AddAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken) => statements.WriteAsync(async writer =>
    {
        var index = 0;
        for (; index + Many <= events.Count; index += Many)
        {
            await writer.ExecuteAsync(many, Values(events, index, Many));
        }

        for (; index < events.Count; index++)
        {
            await writer.ExecuteAsync(one, Values(events, index, 1));
        }

        return events.Count;
    }, cancellationToken);

    /// <summary>Writes one in the transaction of its cause.</summary>
    public static ValueTask<int> AddAsync(StatementWriter writer, AuditEvent row) => writer.ExecuteAsync(one, Values([row], first: 0, count: 1));

    private static object?[] Values(IReadOnlyList<AuditEvent> events, int first, int count)
    {
        var values = new object?[count * columns.Length];
        for (var index = 0; index < count; index++)
        {
            var row = events[first + index];
            ReadOnlySpan<object?> written =
            [
                row.Id, row.At, row.Type.ToString(), row.Succeeded, row.Subject, row.ClientId, row.ActorSubject, row.ActorClientId, row.SessionId, row.RemoteAddress,
                row.Reason, row.TraceId,
            ];
            written.CopyTo(values.AsSpan(index * columns.Length));
        }

        return values;
    }

    private static Statement Insert(int rows)
    {
        var names = Enumerable.Range(0, rows).Select(row => columns.Select(column => $"@{column}{row}").ToArray()).ToArray();
        return new Statement(
            $"""
            INSERT INTO "AuditEvents" ({string.Join(", ", columns.Select(column => $"\"{column}\""))})
            VALUES {string.Join(", ", names.Select(row => $"({string.Join(", ", row)})"))}
            ON CONFLICT ("Id") DO NOTHING
            """,
            [.. names.SelectMany(row => row)]);
    }
}
