using System.Text.Json.Nodes;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>People, as whoever helps them must know them.</summary>
internal sealed class UserReading(AppDbContext db, ILookupNormalizer normalizer)
{
    /// <summary>People whose user name or address begins with <c>q</c>, or all; in the order of their user names.</summary>
    public async Task<Answer> ListAsync(AdministrationRequest request)
    {
        var (query, after, limit) = (request.Text("q"), normalizer.NormalizeName(request.Text("after")), request.Limit);
        var start = normalizer.NormalizeName(query);
        var found = await db.Users.AsNoTracking()
            .Where(user => start == null || user.NormalizedUserName!.StartsWith(start) || user.NormalizedEmail!.StartsWith(start))
            .Where(user => after == null || string.Compare(user.NormalizedUserName, after) > 0)
            .OrderBy(user => user.NormalizedUserName).Take(limit + 1).ToListAsync(request.Aborted);
        return Paging.Of("users", found, limit, user => user.UserName!, user => new JsonObject
        {
            ["sub"] = user.Subject,
            ["username"] = user.UserName,
            ["email"] = user.Email,
            ["disabled"] = user.DisabledAt is not null,
        });
    }

    public async Task<Answer> GetAsync(AdministrationRequest request)
    {
        var subject = request.Values[0];
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Subject == subject, request.Aborted) is not { } user)
        {
            return NotFound;
        }

        var logins = await db.UserLogins.AsNoTracking().Where(login => login.UserId == user.Id)
            .Select(login => login.ProviderDisplayName ?? login.LoginProvider).ToListAsync(request.Aborted);
        return Answer.Ok(Describe(user, logins));
    }

    public static Problem NotFound => Problem.NotFound("There is nobody of this sub.");

    public static JsonObject Describe(User user, IEnumerable<string> logins) => new()
    {
        ["sub"] = user.Subject,
        ["username"] = user.UserName,
        ["email"] = user.Email,
        ["email_verified"] = user.EmailConfirmed,
        ["name"] = user.Profile.Name,
        ["created_at"] = Json.Moment(user.CreatedAt),
        ["disabled_at"] = Json.Moment(user.DisabledAt),
        ["has_password"] = user.PasswordHash is not null,
        ["external_logins"] = Json.Texts(logins),
    };
}
