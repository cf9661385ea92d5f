using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>The only writer of the roles that clients have. It prepares changes for a caller that will save and commit.</summary>
internal sealed class ClientRoles(AppDbContext db, AuditLog audit)
{
    /// <summary>Gives a client exactly these roles, by their keys.</summary>
    /// <returns>Whether that changes anything.</returns>
    public async Task<bool> StageAsync(Guid client, string clientId, IReadOnlyDictionary<Guid, Period> roles, CancellationToken cancellationToken)
    {
        var changed = db.Link(
            await db.Set<ClientRole>().Where(row => row.ClientId == client).ToListAsync(cancellationToken),
            roles, row => row.RoleId, key => new ClientRole { ClientId = client, RoleId = key });
        if (changed)
        {
            audit.Add(db, AuditEventType.ClientChanged, succeeded: true, clientId: clientId, reason: "The client's roles were changed.");
        }

        return changed;
    }
}
