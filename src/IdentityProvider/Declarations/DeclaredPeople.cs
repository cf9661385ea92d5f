using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Declarations;

/// <summary>The <c>users</c> of a declaration file.</summary>
internal sealed class DeclaredPeople(AppDbContext db, RoleRegistry roles, DeclaredUsers users, ILookupNormalizer normalizer)
{
    // Of a user only what stands beside the claims; those are checked where accounts are made.
    private static readonly MemberTable accountMembers = new((UserMembers.Password, MemberKind.Text), (UserMembers.Subject, MemberKind.Text));

    private static readonly ItemForm roleNames = ItemForm.Assigned("role", StringComparer.OrdinalIgnoreCase);

    /// <returns>Those who are as they were declared, by the keys of their accounts.</returns>
    public async Task<IReadOnlyDictionary<Guid, DeclaredPerson>> ApplyAsync(
        IReadOnlyList<Entry> entries, Progress progress, CancellationToken cancellationToken)
    {
        var people = new Dictionary<Guid, DeclaredPerson>();
        foreach (var entry in entries)
        {
            var problems = new List<MetadataProblem>();
            if (TakeUser(entry, problems) is { } declared && await ApplyAsync(entry, declared, progress, cancellationToken) is { } row)
            {
                people[row] = new DeclaredPerson(entry, declared.Password);
            }

            progress.Refuse(entry, problems);
        }

        return people;
    }

    /// <summary>What an entry says of a person, or null where it cannot be read.</summary>
    /// <param name="problems">Receives why not.</param>
    public static DeclaredUser? TakeUser(Entry entry, List<MetadataProblem> problems)
    {
        var account = TakeAccount(entry);
        problems.AddRange(accountMembers.Check(account));
        var memberOf = entry.TryTake(UserMembers.Roles, out var list) ? roleNames.Read(UserMembers.Roles, list, problems) : null;
        return problems.Count > 0 ? null : new DeclaredUser(
            entry.Key, account[UserMembers.Subject]?.GetValue<string>(), account[UserMembers.Password]?.GetValue<string>(),
            memberOf?.Select(role => new AssignedRole(role.Name, role.Period)).ToList(), entry.Members);
    }

    private async Task<Guid?> ApplyAsync(Entry entry, DeclaredUser declared, Progress progress, CancellationToken cancellationToken)
    {
        await roles.EnsureBuiltInAsync((declared.Roles ?? []).Select(role => role.Role), cancellationToken);
        var outcome = await users.ApplyAsync(declared, cancellationToken);
        if (outcome is DeclaredUserOutcome.Refused refused)
        {
            progress.Refuse(entry, refused.Problems.Select(problem => new MetadataProblem(problem.Member, problem.Message)));
            return null;
        }

        var name = normalizer.NormalizeName(entry.Key);
        var row = await db.Users.Where(user => user.NormalizedUserName == name).Select(user => user.Id).SingleAsync(cancellationToken);
        progress.Note(DeclaredKind.User, row, outcome is DeclaredUserOutcome.Created, outcome is DeclaredUserOutcome.Changed);
        return row;
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
}

/// <summary>A person of the file.</summary>
/// <param name="Password">As the entry states it; null where it states none.</param>
internal sealed record DeclaredPerson(Entry Entry, string? Password);
