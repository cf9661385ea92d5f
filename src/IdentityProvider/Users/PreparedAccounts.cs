using System.Diagnostics;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>
/// Accounts that somebody made, or made a link for, over the administration API. Nobody can tell them from the person, because they may have chosen the
/// password themselves; so an account must not come to hold more of the administration than whoever prepared it.
/// </summary>
internal sealed class PreparedAccounts(AppDbContext db, TimeProvider clock)
{
    /// <summary>Stands in <see cref="User.PreparedBy"/> where more than one may have kept a way in: the key of nobody, who holds nothing.</summary>
    public static Guid Several => Guid.Empty;

    /// <summary>Who holds what, before a change.</summary>
    public Task<AdministrationHolders> LookAsync(CancellationToken cancellationToken) =>
        AdministrationHolders.ReadAsync(db, clock.GetUtcNow().UtcDateTime, cancellationToken);

    /// <summary>
    /// The people whom the caller's transaction has raised since, be it for later or for longer, above whoever prepared their account. What those hold now counts.
    /// </summary>
    public async Task<IReadOnlyList<User>> FindRaisedAsync(AdministrationHolders before, CancellationToken cancellationToken)
    {
        var after = await LookAsync(cancellationToken);
        var grown = after.Keys.Where(key => after.HasGrown(key, before)).ToList();
        if (grown.Count == 0)
        {
            return [];
        }

        var prepared = await db.Users.AsNoTracking().Where(user => grown.Contains(user.Id) && user.PreparedBy != null).ToListAsync(cancellationToken);
        var preparing = prepared.Select(user => user.PreparedBy!.Value).ToList();
        var disabled = await db.Users.Where(user => preparing.Contains(user.Id) && user.DisabledAt != null).Select(user => user.Id).ToHashSetAsync(cancellationToken);
        return [.. prepared.Where(user => user.PreparedBy is { } by && (disabled.Contains(by) || !after.HoldsAsMuch(by, user.Id)))];
    }

    /// <summary>What stands in <see cref="User.PreparedBy"/> for a caller.</summary>
    public Task<Guid> KeyOfAsync(AccessHolder caller, CancellationToken cancellationToken) => caller switch
    {
        AccessHolder.Person(var subject) => db.Users.Where(user => user.Subject == subject).Select(user => user.Id).SingleAsync(cancellationToken),
        AccessHolder.Client(var clientId) => db.Set<Client>().Where(client => client.ClientId == clientId).Select(client => client.Id).SingleAsync(cancellationToken),
        _ => throw new UnreachableException($"Unhandled caller {caller}."),
    };
}
