using System.Text.Json.Nodes;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>What happened, and why something was refused.</summary>
internal sealed class AuditReading(AppDbContext db)
{
    private const int LastPage = 1000;

    /// <summary>Events, the last first: of a person, of a client, of whoever acted in administration, of a kind, before a moment.</summary>
    public async Task<Answer> ListAsync(AdministrationRequest request)
    {
        var (subject, client, actor) = (request.Text("subject"), request.Text("client_id"), request.Text("actor"));
        var (page, limit) = (request.Number("page", 1, LastPage), request.Limit);
        var before = request.Text("before") is { } text ? Json.ReadMoment(text) : null;
        var named = Enum.TryParse<AuditEventType>(request.Text("type"), out var type);
        if ((request.Text("before") is not null && before is null) || (request.Text("type") is not null && !named))
        {
            return Problem.Wrong("before is a time as in RFC 3339, such as 2030-01-31T18:00:00Z, and type the name of a kind of event.");
        }

        var found = await db.Set<AuditEvent>().AsNoTracking()
            .Where(row => (subject == null || row.Subject == subject) && (client == null || row.ClientId == client))
            .Where(row => actor == null || row.ActorSubject == actor || row.ActorClientId == actor)
            .Where(row => (before == null || row.At < before) && (!named || row.Type == type))
            .OrderByDescending(row => row.At).ThenBy(row => row.Id)
            .Skip((page - 1) * limit).Take(limit + 1).ToListAsync(request.Aborted);
        var events = new JsonObject { ["events"] = new JsonArray([.. found.Take(limit).Select(Describe)]) };
        if (found.Count > limit && page < LastPage)
        {
            events["next"] = page + 1;
        }

        return Answer.Ok(events);
    }

    /// <summary>Why a request was refused, by the reference that whoever sent it was shown.</summary>
    public async Task<Answer> ExplainAsync(AdministrationRequest request)
    {
        var reference = DecisionReference.Parse(request.Values[0]);
        if (reference is null
            || await db.Set<DecisionRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Reference == reference, request.Aborted) is not { } record)
        {
            return Problem.NotFound("There is no record of this reference. It may be mistyped, of another server, or old.");
        }

        return Answer.Ok(new JsonObject
        {
            ["reference"] = DecisionReference.Show(record.Reference),
            ["first_at"] = Json.Moment(record.FirstAt),
            ["last_at"] = Json.Moment(record.LastAt),
            ["count"] = record.Count,
            ["endpoint"] = record.Endpoint,
            ["client_id"] = record.ClientId,
            ["address"] = record.RemoteAddress,
            ["error"] = record.Error,
            ["description"] = record.Description,
            ["rule"] = record.Rule,
            ["trace_id"] = record.TraceId,
            ["asked"] = record.Asked is { } asked ? JsonNode.Parse(asked) : null,
            ["difference"] = record.Difference is { } difference ? JsonNode.Parse(difference) : null,
            ["advice"] = Advice.For(record.Rule, record.Error),
        });
    }

    private static JsonObject Describe(AuditEvent row) => new()
    {
        ["at"] = Json.Moment(row.At),
        ["type"] = row.Type.ToString(),
        ["succeeded"] = row.Succeeded,
        ["subject"] = row.Subject,
        ["client_id"] = row.ClientId,
        ["actor_subject"] = row.ActorSubject,
        ["actor_client_id"] = row.ActorClientId,
        ["sid"] = row.SessionId,
        ["address"] = row.RemoteAddress,
        ["reason"] = row.Reason,
        ["trace_id"] = row.TraceId,
    };
}
