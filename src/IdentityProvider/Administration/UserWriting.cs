using System.Diagnostics;
using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>Makes accounts, and acts on those of others who hold no more of the administration than the caller.</summary>
internal sealed class UserWriting(
    AppDbContext db, Changes changes, UserAccounts accounts, AccountStatus status, PasswordResets resets, PreparedAccounts prepared)
{
    private static readonly MemberTable members = new((UserMembers.UserName, MemberKind.Text), (UserMembers.Email, MemberKind.Text), (ClaimNames.Name, MemberKind.Text));

    private static readonly MemberTable nothing = new();

    /// <summary>
    /// An account without a password and without roles. Its address counts as unverified: otherwise whoever made the account would share it with the person
    /// who later comes from an upstream provider with that address.
    /// </summary>
    public async Task<Answer> CreateAsync(AdministrationRequest request)
    {
        var (body, problem) = await request.ReadAsync(members);
        if (problem is not null)
        {
            return problem;
        }

        return await changes.MakeAsync(request, async _ =>
        {
            var draft = new NewUser
            {
                UserName = body[UserMembers.UserName]?.GetValue<string>().Trim() ?? "",
                Email = body[UserMembers.Email]?.GetValue<string>().Trim(),
                Profile = new UserProfile { Name = body[ClaimNames.Name]?.GetValue<string>() },
                PreparedBy = await prepared.KeyOfAsync(request.Caller.Holder, request.Aborted),
            };
            return await accounts.CreateAsync(draft, request.Aborted) switch
            {
                UserCreation.Created { User: var user } => new Answer.Done(StatusCodes.Status201Created, UserReading.Describe(user, [])),
                UserCreation.Refused refused => Problem.Wrong([.. refused.Problems.Select(wrong => new MetadataProblem(wrong.Member, wrong.Message))]),
                var other => throw new UnreachableException($"Unhandled outcome {other}."),
            };
        });
    }

    /// <summary>Ends every session of the person and lets no new one begin.</summary>
    public Task<Answer> DisableAsync(AdministrationRequest request) => OnAnotherAsync(request, async user =>
    {
        await status.DisableAsync(user.Subject, request.Aborted);
        return Answer.Nothing;
    });

    public Task<Answer> EnableAsync(AdministrationRequest request) => OnAnotherAsync(request, async user =>
    {
        await status.EnableAsync(user.Subject, request.Aborted);
        return Answer.Nothing;
    });

    /// <summary>Closes every way into the account, ends every session, and gives the caller a link to hand to the person.</summary>
    public Task<Answer> ResetPasswordAsync(AdministrationRequest request) => OnAnotherAsync(request, async user =>
        await resets.MakeAsync(user, await prepared.KeyOfAsync(request.Caller.Holder, request.Aborted), request.Aborted) switch
        {
            PasswordLink.Made made => Answer.Ok(new JsonObject { ["link"] = made.Url, ["expires_at"] = Json.Moment(made.ExpiresAt) }),
            PasswordLink.Refused refused => Problem.Conflict(refused.Problem),
            var other => throw new UnreachableException($"Unhandled outcome {other}."),
        });

    private async Task<Answer> OnAnotherAsync(AdministrationRequest request, Func<User, Task<Answer>> act)
    {
        var (_, problem) = await request.ReadAsync(nothing);
        return problem ?? await changes.MakeAsync(request, async bounds =>
        {
            var subject = request.Values[0];
            return await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Subject == subject, request.Aborted) is not { } user ? UserReading.NotFound
                : await bounds.ToActOnAnotherAsync(subject, request.Aborted) is { } refusal ? refusal
                : await act(user);
        });
    }
}
