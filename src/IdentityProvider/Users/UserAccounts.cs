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

        // Told with the rest before a hash is made; looked up again below, where nobody changes them any more.
        await FindRolesAsync(draft, problems, cancellationToken);
        if (problems.Count > 0)
        {
            return new UserCreation.Refused(problems);
        }

        // Before others are made to wait: hashing takes long.
        var user = Make(draft, draft.Password is null ? null : await passwords.HashAsync(draft.Password, cancellationToken));
        await using var own = db.Database.CurrentTransaction is null
            ? await db.Database.BeginTransactionAsync(cancellationToken)
            : null;
        if (draft.Roles.Count > 0)
        {
            // Whether its roles may be together is asked while nobody changes what roles are.
            await db.HoldAsync(ChangeStamps.Permissions, cancellationToken);
        }

        // No index keeps a name from being the address of somebody who is made at this moment.
        await db.HoldAsync(ChangeStamps.Names, cancellationToken);
        problems.AddRange(await ConflictsAsync(draft, cancellationToken));
        var roles = await FindRolesAsync(draft, problems, cancellationToken);
        problems.AddRange((await Separation.OfRolesAsync(db, roles, clock.GetUtcNow().UtcDateTime, cancellationToken))
            .Select(conflict => new UserProblem(UserMembers.Roles, $"The account would have {conflict}.")));
        if (problems.Count > 0)
        {
            return new UserCreation.Refused(problems);
        }

        Add(user, roles, draft.ExternalLogin);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Somebody verified an address or linked an account faster. Nothing of this account may be saved by a later save.
            db.ChangeTracker.Clear();
            problems.AddRange(await ConflictsAsync(draft, cancellationToken));
            if (problems.Count == 0)
            {
                throw;
            }

            return new UserCreation.Refused(problems);
        }

        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }

        return new UserCreation.Created(user);
    }

    private void Add(User user, IReadOnlyDictionary<Guid, Period> roles, ExternalLogin? login)
    {
        db.Add(user);
        db.AddRange(roles.Select(role => new UserRole
        {
            UserId = user.Id,
            RoleId = role.Key,
            NotBefore = role.Value.NotBefore,
            ExpiresAt = role.Value.ExpiresAt,
        }));
        if (login is not null)
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
        var (name, address) = (normalizer.NormalizeName(draft.UserName), normalizer.NormalizeEmail(draft.Email));
        // Nobody's address is without one.
        var nameAsAddress = name.Contains('@', StringComparison.Ordinal) ? name : null;
        var verified = draft.EmailVerified ? address : null;
        var rivals = await db.Users.AsNoTracking()
            .Where(user => user.NormalizedUserName == name
                || (draft.Subject != null && user.Subject == draft.Subject)
                || (verified != null && user.EmailConfirmed && user.NormalizedEmail == verified)
                || (nameAsAddress != null && user.NormalizedEmail == nameAsAddress)
                || (address != null && user.NormalizedUserName == address))
            .Select(user => new { user.NormalizedUserName, user.Subject, user.NormalizedEmail, user.EmailConfirmed })
            .ToListAsync(cancellationToken);

        var problems = new List<UserProblem>();
        if (rivals.Any(rival => rival.NormalizedUserName == name))
        {
            problems.Add(new(UserMembers.UserName, $"The user name {draft.UserName} is taken."));
        }
        else if (rivals.Any(rival => nameAsAddress is not null && rival.NormalizedEmail == nameAsAddress && !(verified == nameAsAddress && rival.EmailConfirmed)))
        {
            // People sign in by either, so of two accounts one would stand in the other's way.
            problems.Add(new(UserMembers.UserName, $"The user name {draft.UserName} is the address of another account."));
        }

        if (draft.Subject is not null && rivals.Any(rival => rival.Subject == draft.Subject))
        {
            problems.Add(new(UserMembers.Subject, $"The subject {draft.Subject} is somebody else's."));
        }
        else if (draft.Subject is { } subject && await db.Set<Client>().AnyAsync(client => client.ClientId == subject, cancellationToken))
        {
            // RFC 9068 §5: what a client does for itself bears its identifier as the subject.
            problems.Add(new(UserMembers.Subject, $"The subject {subject} is the client_id of a client."));
        }

        if (verified is not null && rivals.Any(rival => rival.EmailConfirmed && rival.NormalizedEmail == verified))
        {
            problems.Add(new(UserMembers.Email, $"The address {draft.Email} is the verified address of another account."));
        }
        else if (address is not null && address != name && rivals.Any(rival => rival.NormalizedUserName == address))
        {
            problems.Add(new(UserMembers.Email, $"The address {draft.Email} is the user name of another account."));
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
