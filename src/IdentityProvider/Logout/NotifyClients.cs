using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Logout;

/// <summary>
/// OpenID Connect Back-Channel Logout §2.5: every client that got anything in a session hears of its end, whoever ended it.
/// Who that is gets written down in the transaction that ends the session; the telling comes afterwards (<see cref="LogoutDelivering"/>).
/// </summary>
internal sealed class NotifyClients(AppDbContext db, ClientCatalog clients, LogoutActs acts, TimeProvider clock)
    : ISessionEndedHandler
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public async Task SessionEndedAsync(Session session, SessionEndReason reason, CancellationToken cancellationToken)
    {
        // Also grants that ended before the session did: whoever signed somebody in has a session of its own to end.
        var grants = await db.Set<Grant>().Where(grant => grant.SessionId == session.Id && grant.ApplicationId != null)
            .Select(grant => new { Client = grant.ApplicationId!.Value, grant.Subject, grant.ClientSubject })
            .Distinct()
            .ToListAsync(cancellationToken);

        var now = clock.GetUtcNow().UtcDateTime;
        var told = false;
        foreach (var grant in grants.OrderByDescending(grant => grant.ClientSubject is not null).DistinctBy(grant => grant.Client))
        {
            if (await clients.FindByRowAsync(db, grant.Client, cancellationToken) is not { Metadata.BackChannelLogoutUri: { } uri } client
                || grant.Subject is not { } subject)
            {
                continue;
            }

            var delivery = new LogoutDelivery
            {
                Id = Guid.CreateVersion7(),
                LogoutId = acts.Of(session.UserId).LogoutId,
                SessionId = session.Id,
                Reason = reason,
                ClientId = client.ClientId,
                ClientName = AuditText.Fit(client.DisplayName, LogoutDeliveryConfiguration.LongestName)!,
                Uri = uri,
                Subject = subject,
                ClientSubject = grant.ClientSubject ?? await SubjectOfOlderGrantAsync(client, session.UserId, cancellationToken) ?? subject,
                CreatedAt = now,
                DueAt = now,
                ExpiresAt = now + Kept,
            };
            db.Add(delivery);
            acts.Of(session.UserId).Deliveries.Add((delivery.Id, client.ClientId));
            told = true;
        }

        if (told)
        {
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    // Each of them ended, and was told of, by itself.
    public Task AllSessionsEndedAsync(string subject, SessionEndReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    // Made before grants knew by which subject their client knows the person.
    private async Task<string?> SubjectOfOlderGrantAsync(RegisteredClient client, Guid userId, CancellationToken cancellationToken) =>
        client.Metadata.SubjectType == SubjectTypes.Pairwise
            ? await PairwiseSubjects.FindAsync(db, userId, ClientSubjectRules.SectorOf(client.Metadata), cancellationToken)
            : null;
}
