using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>The one maker of accounts.</summary>
internal sealed class UserAccounts(
    AppDbContext db, ILookupNormalizer normalizer, GivenPasswords passwords, AuditLog audit, TimeProvider clock)
{
    /// <summary>Makes an account, in the caller's transaction where there is one.</summary>
    public async Task<UserCreation> CreateAsync(NewUser draft, CancellationToken cancellationToken)
    {
        var problems = Check(draft);
        if (problems.Count == 0)
        {
            problems.AddRange(await ConflictsAsync(draft, cancellationToken));
        }

        var roles = await FindRolesAsync(draft, problems, cancellationToken);
        var duties = await Separation.OfRolesAsync(db, roles, clock.GetUtcNow().UtcDateTime, cancellationToken);
        if (duties != Duties.None)
        {
            problems.Add(new(UserMembers.Roles, $"These roles would bring {duties.Tell()}: duties of this server's administration that nobody has together."));
        }

        if (problems.Count > 0)
        {
            return new UserCreation.Refused(problems);
        }

        var user = Make(draft, draft.Password is null ? null : await passwords.HashAsync(draft.Password, cancellationToken));
        db.Add(user);
        db.AddRange(roles.Select(role => new UserRole
        {
            UserId = user.Id,
            RoleId = role.Key,
            NotBefore = role.Value.NotBefore,
            ExpiresAt = role.Value.ExpiresAt,
        }));
        if (draft.ExternalLogin is { } login)
        {
            db.Add(new IdentityUserLogin<Guid>
            {
                UserId = user.Id,
                LoginProvider = login.Provider,
                ProviderKey = login.Key,
                ProviderDisplayName = login.DisplayName,
            });
        }

        audit.Add(db, AuditEventType.UserCreated, succeeded: true, user.Subject);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return new UserCreation.Created(user);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Somebody was faster. Nothing of this account may be saved by a later save.
            db.ChangeTracker.Clear();
            problems.AddRange(await ConflictsAsync(draft, cancellationToken));
            if (problems.Count == 0)
            {
                throw;
            }

            return new UserCreation.Refused(problems);
        }
    }

    private static List<UserProblem> Check(NewUser draft)
    {
        var problems = new List<UserProblem>();
        Add(UserMembers.UserName, UserRules.UserNameProblem(draft.UserName, draft.Email));
        Add(UserMembers.Email, draft.Email is null ? null : UserRules.AddressProblem(draft.Email));
        Add(UserMembers.Subject, draft.Subject is null ? null : UserRules.SubjectProblem(draft.Subject));
        Add(UserMembers.Password, draft.Password is null ? null : GivenPasswords.ProblemOf(draft.Password));
        return problems;

        void Add(string member, string? problem)
        {
            if (problem is not null)
            {
                problems.Add(new(member, problem));
            }
        }
    }

    private User Make(NewUser draft, string? passwordHash)
    {
        var id = Guid.CreateVersion7();
        var now = clock.GetUtcNow().UtcDateTime;
        return new User
        {
            Id = id,
            Subject = draft.Subject ?? id.ToString(),
            UserName = draft.UserName,
            NormalizedUserName = normalizer.NormalizeName(draft.UserName),
            Email = draft.Email,
            NormalizedEmail = normalizer.NormalizeEmail(draft.Email),
            EmailConfirmed = draft.Email is not null && draft.EmailVerified,
            PhoneNumber = draft.PhoneNumber,
            PhoneNumberConfirmed = draft.PhoneNumber is not null && draft.PhoneNumberVerified,
            Profile = draft.Profile,
            PasswordHash = passwordHash,
            SecurityStamp = Guid.CreateVersion7().ToString("N"),
            LockoutEnabled = true,
            PreparedBy = draft.PreparedBy,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private async Task<IReadOnlyList<UserProblem>> ConflictsAsync(NewUser draft, CancellationToken cancellationToken)
    {
        var name = normalizer.NormalizeName(draft.UserName);
        var address = draft.EmailVerified ? normalizer.NormalizeEmail(draft.Email) : null;
        var rivals = await db.Users.AsNoTracking()
            .Where(user => user.NormalizedUserName == name
                || (draft.Subject != null && user.Subject == draft.Subject)
                || (address != null && user.EmailConfirmed && user.NormalizedEmail == address))
            .Select(user => new { user.NormalizedUserName, user.Subject, user.NormalizedEmail, user.EmailConfirmed })
            .ToListAsync(cancellationToken);

        var problems = new List<UserProblem>();
        if (rivals.Any(rival => rival.NormalizedUserName == name))
        {
            problems.Add(new(UserMembers.UserName, $"The user name {draft.UserName} is taken."));
        }

        if (draft.Subject is not null && rivals.Any(rival => rival.Subject == draft.Subject))
        {
            problems.Add(new(UserMembers.Subject, $"The subject {draft.Subject} is somebody else's."));
        }

        if (address is not null && rivals.Any(rival => rival.EmailConfirmed && rival.NormalizedEmail == address))
        {
            problems.Add(new(UserMembers.Email, $"The address {draft.Email} is the verified address of another account."));
        }

        if (draft.ExternalLogin is { } login && await db.UserLogins.AnyAsync(
            row => row.LoginProvider == login.Provider && row.ProviderKey == login.Key, cancellationToken))
        {
            problems.Add(new(UserMembers.ExternalLogin, $"This {login.DisplayName} account belongs to another account."));
        }

        return problems;
    }

    private async Task<IReadOnlyDictionary<Guid, Period>> FindRolesAsync(NewUser draft, List<UserProblem> problems, CancellationToken cancellationToken)
    {
        if (draft.Roles.Count == 0)
        {
            return new Dictionary<Guid, Period>();
        }

        var wanted = draft.Roles.Where(role => UserRules.MayBeRole(role.Role)).ToLookup(role => normalizer.NormalizeName(role.Role), role => role.Period);
        var names = wanted.Select(role => role.Key).ToList();
        var roles = await db.Roles.AsNoTracking().Where(role => names.Contains(role.NormalizedName!))
            .Select(role => new { role.Id, role.NormalizedName }).ToListAsync(cancellationToken);
        problems.AddRange(draft.Roles
            .Where(wrong => roles.TrueForAll(role => role.NormalizedName != normalizer.NormalizeName(wrong.Role)))
            .Select(wrong => new UserProblem(UserMembers.Roles, $"There is no role {wrong.Role}.")));
        return roles.ToDictionary(role => role.Id, role => wanted[role.NormalizedName!].Last());
    }
}
