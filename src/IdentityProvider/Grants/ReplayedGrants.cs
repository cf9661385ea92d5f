using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Grants;

/// <summary>Ends what a token belongs to that somebody else has seen.</summary>
/// <remarks>In a scope of its own: every token that is presented is asked about, and hardly one of them needs what ends sessions.</remarks>
internal sealed class ReplayedGrants(IServiceScopeFactory scopes)
{
    /// <summary>Ends the grant and, if asked to, the session it was made in, in one transaction.</summary>
    /// <returns>Whether there was anything to end: of several requests with the same token one is told so.</returns>
    public async Task<bool> EndAsync(Guid grantId, bool withSession, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var sessions = scope.ServiceProvider.GetRequiredService<SessionRegistry>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var grant = db.Set<Grant>().Where(row => row.Id == grantId);
        var sid = withSession
            ? await grant.Where(row => row.Status == Statuses.Valid).Select(row => row.SessionId).SingleOrDefaultAsync(cancellationToken)
            : null;

        // The session first, as everywhere: two requests that lock the same rows in different orders would wait for each other.
        var ended = sid is not null && await sessions.EndWithSuccessorsAsync(sid, SessionEndReason.RefreshTokenReused, cancellationToken);
        // With offline_access it outlives a session, even this end of one.
        ended |= await GrantEnding.EndAsync(db, grant, cancellationToken) > 0;
        await transaction.CommitAsync(cancellationToken);
        return ended;
    }
}
