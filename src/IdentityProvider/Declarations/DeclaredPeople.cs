using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Declarations;

/// <summary>The <c>roles</c> and <c>users</c> of a declaration file.</summary>
internal sealed class DeclaredPeople(AppDbContext db, RoleRegistry roles, DeclaredUsers users, ILookupNormalizer normalizer)
{
    private const int LongestRole = 256;
    private const int LongestDescription = 200;

    private static readonly MemberTable roleMembers = new(("description", MemberKind.Text));

    // Of a user only what stands beside the claims; those are checked where accounts are made.
    private static readonly MemberTable accountMembers = new(
        ("password", MemberKind.Text), ("sub", MemberKind.Text), ("roles", MemberKind.TextList));

    public async Task ApplyRolesAsync(IReadOnlyList<Entry> entries, Progress progress, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            var problems = ProblemsOfRole(entry);
            if (problems.Count > 0)
            {
                progress.Refuse(entry, problems);
                continue;
            }

            var created = await roles.EnsureAsync(entry.Key, cancellationToken);
            var described = entry.Members.TryGetPropertyValue("description", out var description)
                && await roles.DescribeAsync(entry.Key, description?.GetValue<string>(), cancellationToken);
            var name = normalizer.NormalizeName(entry.Key);
            var row = await db.Roles.Where(role => role.NormalizedName == name).Select(role => role.Id).SingleAsync(cancellationToken);
            progress.Note(DeclaredKind.Role, row, created, described);
        }
    }

    public async Task ApplyUsersAsync(IReadOnlyList<Entry> entries, Progress progress, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            var problems = new List<MetadataProblem>();
            if (TakeUser(entry, problems) is { } declared)
            {
                await ApplyAsync(entry, declared, progress, cancellationToken);
            }

            progress.Refuse(entry, problems);
        }
    }

    /// <summary>Everything wrong with a role.</summary>
    public static IReadOnlyList<MetadataProblem> ProblemsOfRole(Entry entry) => [.. roleMembers.Check(entry.Members), .. CheckRole(entry)];

    /// <summary>What an entry says of a person, or null where it cannot be read.</summary>
    /// <param name="problems">Receives why not.</param>
    public static DeclaredUser? TakeUser(Entry entry, List<MetadataProblem> problems)
    {
        var account = TakeAccount(entry);
        problems.AddRange(accountMembers.Check(account));
        return problems.Count > 0 ? null : new DeclaredUser(
            entry.Key, account["sub"]?.GetValue<string>(), account["password"]?.GetValue<string>(),
            account["roles"]?.AsArray().Select(role => role!.GetValue<string>()).ToArray(), entry.Members);
    }

    private async Task ApplyAsync(Entry entry, DeclaredUser declared, Progress progress, CancellationToken cancellationToken)
    {
        if (declared.Roles?.Any(role => normalizer.NormalizeName(role) == normalizer.NormalizeName(Role.Administrator)) == true)
        {
            // The one role the product itself knows need not be declared.
            await roles.EnsureAsync(Role.Administrator, cancellationToken);
        }

        var outcome = await users.ApplyAsync(declared, cancellationToken);
        if (outcome is DeclaredUserOutcome.Refused refused)
        {
            progress.Refuse(entry, refused.Problems.Select(problem => new MetadataProblem(problem.Member, problem.Message)));
            return;
        }

        var name = normalizer.NormalizeName(entry.Key);
        var row = await db.Users.Where(user => user.NormalizedUserName == name).Select(user => user.Id).SingleAsync(cancellationToken);
        progress.Note(DeclaredKind.User, row, outcome is DeclaredUserOutcome.Created, outcome is DeclaredUserOutcome.Changed);
    }

    private static JsonObject TakeAccount(Entry entry)
    {
        var account = new JsonObject();
        foreach (var member in accountMembers.Names)
        {
            if (entry.Take(member) is { } value)
            {
                account[member] = value;
            }
        }

        return account;
    }

    private static IEnumerable<MetadataProblem> CheckRole(Entry entry)
    {
        if (entry.Key.Length > LongestRole || entry.Key.Any(character => char.IsControl(character) || char.IsWhiteSpace(character)))
        {
            yield return new("name", $"A role's name has at most {LongestRole} visible characters and no space.");
        }

        if (entry.Members["description"] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            && value.GetValue<string>().Length > LongestDescription)
        {
            yield return new("description", $"This has at most {LongestDescription} characters.");
        }
    }
}
