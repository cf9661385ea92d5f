using IdentityProvider.Data;
using IdentityProvider.Sessions;

namespace IdentityProvider.Grants;

/// <summary>
/// A session takes its grants along. Those with <c>offline_access</c> survive a logout, a new sign-in and a token that another application lost,
/// but not a disabled account, a changed password or an administrator.
/// </summary>
internal sealed class EndGrantsWithSession(AppDbContext db) : ISessionEndedHandler
{
    public Task SessionEndedAsync(Session session, SessionEndReason reason, CancellationToken cancellationToken)
    {
        var offlineSurvives = OfflineSurvives(reason);
        return GrantEnding.EndAsync(
            db, db.Set<Grant>().Where(grant => grant.SessionId == session.Id && !(offlineSurvives && grant.Offline)), cancellationToken);
    }

    // A grant with offline_access may belong to a session that ended long ago.
    public Task AllSessionsEndedAsync(string subject, SessionEndReason reason, CancellationToken cancellationToken) =>
        OfflineSurvives(reason)
            ? Task.CompletedTask
            : GrantEnding.EndAsync(db, db.Set<Grant>().Where(grant => grant.Subject == subject), cancellationToken);

    private static bool OfflineSurvives(SessionEndReason reason) => reason is SessionEndReason.SignedOut or SessionEndReason.LoggedOutByClient
        or SessionEndReason.Replaced or SessionEndReason.Expired or SessionEndReason.RefreshTokenReused;
}
