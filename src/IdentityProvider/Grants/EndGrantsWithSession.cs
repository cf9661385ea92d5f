using IdentityProvider.Data;
using IdentityProvider.Sessions;

namespace IdentityProvider.Grants;

/// <summary>
/// A session takes its grants along. Those with <c>offline_access</c> survive a logout or a new sign-in,
/// but not a disabled account, a changed password or an administrator.
/// </summary>
internal sealed class EndGrantsWithSession(AppDbContext db) : ISessionEndedHandler
{
    public Task SessionEndedAsync(Session session, SessionEndReason reason, CancellationToken cancellationToken)
    {
        var offlineSurvives = reason is SessionEndReason.SignedOut or SessionEndReason.LoggedOutByClient
            or SessionEndReason.Replaced or SessionEndReason.Expired;
        return GrantEnding.EndAsync(
            db, db.Set<Grant>().Where(grant => grant.SessionId == session.Id && !(offlineSurvives && grant.Offline)), cancellationToken);
    }
}
