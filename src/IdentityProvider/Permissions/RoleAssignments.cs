using System.Linq.Expressions;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>A role or a group, which one may have.</summary>
/// <param name="IsGroup">Whether it is a group.</param>
internal sealed record Assignable(Guid Key, string Name, bool IsGroup)
{
    public string Kind => IsGroup ? "group" : "role";
}

/// <summary>Who may have it.</summary>
/// <param name="Key">The key of the person's or the client's row.</param>
/// <param name="Name">The person's subject or the client's identifier.</param>
internal sealed record Assignee(Guid Key, string Name, bool IsClient)
{
    public AccessHolder Holder => IsClient ? new AccessHolder.Client(Name) : new AccessHolder.Person(Name);
}

/// <summary>
/// Gives one person or client one role or group, or takes it away. It prepares changes for a caller that has a transaction of its own,
/// has taken hold of <see cref="ChangeStamps.Permissions"/> in it, and will save and commit.
/// </summary>
internal sealed class RoleAssignments(AppDbContext db, AuditLog audit, TimeProvider clock)
{
    /// <returns>Whether that changes anything.</returns>
    public async Task<bool> StageAsync(Assignee assignee, Assignable assignable, Period period, CancellationToken cancellationToken)
    {
        if (await FindAsync(assignee, assignable, cancellationToken) is not { } row)
        {
            row = New(assignee, assignable);
            db.Add(row);
        }
        else if (period == new Period(row.NotBefore, row.ExpiresAt))
        {
            return false;
        }

        (row.NotBefore, row.ExpiresAt) = period;
        Record(assignee, $"The {assignable.Kind} {assignable.Name} was given{Tell(period)}.");
        return true;
    }

    /// <returns>Whether there was anything to take away.</returns>
    public async Task<bool> StageRemovalAsync(Assignee assignee, Assignable assignable, CancellationToken cancellationToken)
    {
        if (await FindAsync(assignee, assignable, cancellationToken) is not { } row)
        {
            return false;
        }

        db.Remove(row);
        Record(assignee, $"The {assignable.Kind} {assignable.Name} was taken away.");
        return true;
    }

    /// <summary>What the assignee has after what was saved that nobody has together; null where there is nothing.</summary>
    public async Task<SeparationBreach?> FindBreachAsync(Assignee assignee, CancellationToken cancellationToken) =>
        await Separation.FindAsync(db, assignee, clock.GetUtcNow().UtcDateTime, cancellationToken) is [var breach, ..] ? breach : null;

    private async Task<ITimeLimited?> FindAsync(Assignee assignee, Assignable assignable, CancellationToken cancellationToken)
    {
        var (who, what) = (assignee.Key, assignable.Key);
        return (assignee.IsClient, assignable.IsGroup) switch
        {
            (false, false) => await FirstAsync<UserRole>(row => row.UserId == who && row.RoleId == what),
            (false, true) => await FirstAsync<GroupUser>(row => row.UserId == who && row.GroupId == what),
            (true, false) => await FirstAsync<ClientRole>(row => row.ClientId == who && row.RoleId == what),
            (true, true) => await FirstAsync<GroupClient>(row => row.ClientId == who && row.GroupId == what),
        };

        async Task<ITimeLimited?> FirstAsync<T>(Expression<Func<T, bool>> one) where T : class, ITimeLimited =>
            await db.Set<T>().SingleOrDefaultAsync(one, cancellationToken);
    }

    private static ITimeLimited New(Assignee assignee, Assignable assignable) => (assignee.IsClient, assignable.IsGroup) switch
    {
        (false, false) => new UserRole { UserId = assignee.Key, RoleId = assignable.Key },
        (false, true) => new GroupUser { UserId = assignee.Key, GroupId = assignable.Key },
        (true, false) => new ClientRole { ClientId = assignee.Key, RoleId = assignable.Key },
        (true, true) => new GroupClient { ClientId = assignee.Key, GroupId = assignable.Key },
    };

    private void Record(Assignee assignee, string reason) => audit.Add(
        db, AuditEventType.AccessChanged, succeeded: true, assignee.IsClient ? null : assignee.Name, assignee.IsClient ? assignee.Name : null, reason: reason);

    private static string Tell(Period period) =>
        (period.NotBefore is { } from ? FormattableString.Invariant($" from {from:yyyy-MM-dd HH:mm:ss} UTC") : "")
        + (period.ExpiresAt is { } until ? FormattableString.Invariant($" until {until:yyyy-MM-dd HH:mm:ss} UTC") : "");
}
