using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>Makes accounts be as a declaration file says, in the caller's transaction. Doing so twice changes nothing the second time.</summary>
internal sealed class DeclaredUsers(
    AppDbContext db, ILookupNormalizer normalizer, UserAccounts accounts, AuditLog audit, TimeProvider clock)
{
    public async Task<DeclaredUserOutcome> ApplyAsync(DeclaredUser declared, CancellationToken cancellationToken)
    {
        var (claims, problems) = declared.Read();
        if (problems.Count > 0)
        {
            return new DeclaredUserOutcome.Refused(problems);
        }

        var name = normalizer.NormalizeName(declared.UserName);
        var user = await db.Users.SingleOrDefaultAsync(row => row.NormalizedUserName == name, cancellationToken);
        return user is null
            ? await CreateAsync(declared, claims, cancellationToken)
            : await UpdateAsync(user, declared, claims, cancellationToken);
    }

    private async Task<DeclaredUserOutcome> CreateAsync(DeclaredUser declared, DeclaredClaims claims, CancellationToken cancellationToken)
    {
        var (email, emailVerified) = claims.Email(null, verified: false);
        var (phoneNumber, phoneNumberVerified) = claims.PhoneNumber(null, verified: false);
        var draft = new NewUser
        {
            UserName = declared.UserName,
            Subject = declared.Subject,
            Email = email,
            EmailVerified = emailVerified,
            PhoneNumber = phoneNumber,
            PhoneNumberVerified = phoneNumberVerified,
            Profile = claims.Profile(new UserProfile()),
            Roles = declared.Roles ?? [],
            Password = declared.Password,
        };
        return await accounts.CreateAsync(draft, cancellationToken) is UserCreation.Refused refused
            ? new DeclaredUserOutcome.Refused(refused.Problems)
            : new DeclaredUserOutcome.Created();
    }

    private async Task<DeclaredUserOutcome> UpdateAsync(
        User user, DeclaredUser declared, DeclaredClaims claims, CancellationToken cancellationToken)
    {
        if (declared.Subject is { } subject && subject != user.Subject)
        {
            return Refused(UserMembers.Subject, $"The account has the subject {user.Subject}, which nothing changes.");
        }

        var address = user.NormalizedEmail;
        var changed = claims.LayOver(user, normalizer);
        if (user.NormalizedEmail != address && await IsSomebodysNameAsync(user, cancellationToken))
        {
            db.ChangeTracker.Clear();
            return Refused(UserMembers.Email, $"The address {user.Email} is the user name of another account.");
        }

        if (declared.Roles is { } roles)
        {
            var (rolesChanged, unknown) = await ApplyRolesAsync(user, roles, cancellationToken);
            if (unknown is not null)
            {
                db.ChangeTracker.Clear();
                return Refused(UserMembers.Roles, $"There is no role {unknown}.");
            }

            changed |= rolesChanged;
        }

        if (!changed)
        {
            return new DeclaredUserOutcome.Unchanged();
        }

        user.UpdatedAt = clock.GetUtcNow().UtcDateTime;
        user.ConcurrencyStamp = Guid.CreateVersion7().ToString("N");
        audit.Add(db, AuditEventType.UserChanged, succeeded: true, user.Subject, reason: "As declared.");
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return new DeclaredUserOutcome.Changed();
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Of what an update touches, only a verified address is unique.
            db.ChangeTracker.Clear();
            return Refused(UserMembers.Email, $"The address {user.Email} is the verified address of another account.");
        }
    }

    private async Task<bool> IsSomebodysNameAsync(User user, CancellationToken cancellationToken)
    {
        // Until the caller's transaction ends nobody else is given that name.
        await db.HoldAsync(ChangeStamps.Names, cancellationToken);
        return user.NormalizedEmail is { } address
            && await db.Users.AnyAsync(other => other.Id != user.Id && other.NormalizedUserName == address, cancellationToken);
    }

    private async Task<(bool Changed, string? Unknown)> ApplyRolesAsync(
        User user, IReadOnlyList<AssignedRole> assigned, CancellationToken cancellationToken)
    {
        var periods = assigned.Where(role => UserRules.MayBeRole(role.Role)).ToLookup(role => normalizer.NormalizeName(role.Role), role => role.Period);
        var wanted = periods.Select(role => role.Key).ToList();
        var roles = await db.Roles.AsNoTracking().Where(role => wanted.Contains(role.NormalizedName!))
            .ToDictionaryAsync(role => role.NormalizedName!, role => role.Id, cancellationToken);
        if (assigned.FirstOrDefault(role => !roles.ContainsKey(normalizer.NormalizeName(role.Role))) is { } unknown)
        {
            return (false, unknown.Role);
        }

        var present = await db.UserRoles.Where(member => member.UserId == user.Id).ToListAsync(cancellationToken);
        var changed = db.Link(
            present, roles.ToDictionary(role => role.Value, role => periods[role.Key].Last()),
            row => row.RoleId, key => new UserRole { UserId = user.Id, RoleId = key });
        return (changed, null);
    }

    private static DeclaredUserOutcome.Refused Refused(string member, string message) => new([new UserProblem(member, message)]);
}
