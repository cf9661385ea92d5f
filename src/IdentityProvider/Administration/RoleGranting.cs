using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>
/// Gives and takes roles and groups: to others only, nothing that the caller does not hold, and to nobody what nobody has together.
/// </summary>
internal sealed class RoleGranting(
    AppDbContext db, Changes changes, RoleAssignments assignments, PreparedAccounts prepared, RoleRegistry roles, ILookupNormalizer normalizer)
{
    private const string NotBefore = "not_before";
    private const string ExpiresAt = "expires_at";

    private static readonly MemberTable members = new((NotBefore, MemberKind.Text), (ExpiresAt, MemberKind.Text));

    public async Task<Answer> GiveAsync(AdministrationRequest request, bool toClient, bool isGroup)
    {
        var (body, problem) = await request.ReadAsync(members);
        if (problem is not null || !TryRead(body, out var period, out problem))
        {
            return problem!;
        }

        return await changes.MakeAsync(request, async bounds =>
        {
            var (assignee, assignable, refusal) = await ResolveAsync(request, toClient, isGroup, bounds);
            if ((refusal ?? bounds.ToGive(assignable!, period)) is { } refused)
            {
                return refused;
            }

            var before = !toClient && bounds.GrantsAdministration(assignable!) ? await prepared.LookAsync(request.Aborted) : null;
            await assignments.StageAsync(assignee!, assignable!, period, request.Aborted);
            await db.SaveChangesAsync(request.Aborted);
            if (await assignments.FindBreachAsync(assignee!, request.Aborted) is { } breach)
            {
                return Problem.Forbidden("administration.separation", breach.Sentence);
            }

            return before is not null && (await prepared.FindRaisedAsync(before, request.Aborted)).Count > 0 ? Prepared : Answer.Nothing;
        });
    }

    public Task<Answer> TakeAsync(AdministrationRequest request, bool fromClient, bool isGroup) => changes.MakeAsync(request, async bounds =>
    {
        var (assignee, assignable, refusal) = await ResolveAsync(request, fromClient, isGroup, bounds);
        return refusal is not null ? refusal
            : await assignments.StageRemovalAsync(assignee!, assignable!, request.Aborted) ? Answer.Nothing
            : Problem.NotFound($"There is no such assignment of this {assignable!.Kind}.");
    });

    private static Problem Prepared => Problem.Forbidden("administration.prepared",
        "Somebody who holds less than this would make of the account made it, or its last link, and may be able to enter it. "
        + "First give the person another link: POST to its password-reset.");

    private async Task<(Assignee? Assignee, Assignable? Assignable, Problem? Problem)> ResolveAsync(
        AdministrationRequest request, bool isClient, bool isGroup, Bounds bounds)
    {
        var (who, what) = (request.Values[0], request.Values[1]);
        var assignee = isClient
            ? await db.Set<Client>().Where(client => client.ClientId == who).Select(client => new Assignee(client.Id, client.ClientId!, true)).SingleOrDefaultAsync(request.Aborted)
            : await db.Users.Where(user => user.Subject == who).Select(user => new Assignee(user.Id, user.Subject, false)).SingleOrDefaultAsync(request.Aborted);
        if (assignee is null)
        {
            return (null, null, isClient ? Problem.NotFound("There is no such client.") : UserReading.NotFound);
        }

        if (bounds.ToChangeAssignmentsOf(assignee.Holder) is { } own)
        {
            return (assignee, null, own);
        }

        var name = normalizer.NormalizeName(what);
        if (isGroup)
        {
            var group = await db.Set<Group>().Where(row => row.NormalizedName == name).Select(row => new Assignable(row.Id, row.Name, true)).SingleOrDefaultAsync(request.Aborted);
            return (assignee, group, group is null ? Problem.NotFound("There is no such group.") : bounds.ToPassOn(group));
        }

        // Before it is made: whoever may not give it must not be able to have its row made either.
        if (BuiltInRole.Named(what) is { } builtIn && bounds.ToPassOn(builtIn) is { } exceeding)
        {
            return (assignee, null, exceeding);
        }

        await roles.EnsureBuiltInAsync([what], request.Aborted);
        var role = await db.Roles.Where(row => row.NormalizedName == name).Select(row => new Assignable(row.Id, row.Name!, false)).SingleOrDefaultAsync(request.Aborted);
        return (assignee, role, role is null ? Problem.NotFound("There is no such role.") : bounds.ToPassOn(role));
    }

    private static bool TryRead(JsonObject body, out Period period, out Problem? problem)
    {
        var problems = new List<MetadataProblem>();
        var (from, until) = (Moment(NotBefore), Moment(ExpiresAt));
        if (until <= from)
        {
            problems.Add(new(ExpiresAt, $"This must be later than {NotBefore}."));
        }

        (period, problem) = (new Period(from, until), problems.Count > 0 ? Problem.Wrong(problems) : null);
        return problem is null;

        DateTime? Moment(string member)
        {
            if (body[member]?.GetValue<string>() is not { } text)
            {
                return null;
            }

            if (Json.ReadMoment(text) is { } moment)
            {
                return moment;
            }

            problems.Add(new(member, "This must be a time as in RFC 3339, such as 2030-01-31T18:00:00Z."));
            return null;
        }
    }
}
