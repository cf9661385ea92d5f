using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>Where people are signed in, and the end of it.</summary>
internal sealed class SessionOperations(AppDbContext db, Changes changes, SessionList sessions, SessionRegistry registry)
{
    public async Task<Answer> ListAsync(AdministrationRequest request)
    {
        var subject = request.Values[0];
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Subject == subject, request.Aborted) is not { } user)
        {
            return UserReading.NotFound;
        }

        var found = await sessions.FindAsync(user.Id, clientId: null, first: null, AdministrationRequest.MostListed, request.Aborted);
        return Answer.Ok(new JsonObject
        {
            ["sessions"] = new JsonArray([.. found.Select(line => new JsonObject
            {
                ["sid"] = line.Session.Id,
                ["device"] = DeviceName.Of(line.Session.UserAgent),
                ["address"] = line.Session.RemoteAddress,
                ["signed_in_at"] = Json.Moment(line.Session.AuthenticatedAt),
                ["last_seen_at"] = Json.Moment(line.LastSeenAt),
                ["clients"] = Json.Texts(line.Apps.Select(app => app.ClientId)),
            })]),
        });
    }

    /// <summary>Ends a session, or the one that has taken it over, with the access that apps got in it.</summary>
    public Task<Answer> EndAsync(AdministrationRequest request) => changes.MakeAsync(request, async bounds =>
    {
        if (await sessions.FindSuccessorAsync(request.Values[0], request.Aborted) is not { } session)
        {
            return Problem.NotFound("There is no live session of this sid.");
        }

        var subject = await db.Users.Where(user => user.Id == session.UserId).Select(user => user.Subject).SingleAsync(request.Aborted);
        if (await bounds.ToActOnAsync(subject, request.Aborted) is { } refusal)
        {
            return refusal;
        }

        await registry.EndAsync(session.Id, SessionEndReason.EndedByAdministrator, request.Aborted);
        return Answer.Nothing;
    });
}
