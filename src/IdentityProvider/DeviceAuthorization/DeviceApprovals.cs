using System.Net;
using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>The person's side of a request: they type its code, see what asks, and allow or deny it (RFC 8628 §3.3).</summary>
internal sealed class DeviceApprovals(
    AppDbContext db, UserCodeLimit limit, ClientCatalog clients, PairwiseSubjects subjects, AuditLog audit, TimeProvider clock)
{
    /// <summary>The request that waits under this code. What is typed wrong counts, at this step and at the next.</summary>
    public async Task<DeviceQuestion> FindAsync(CurrentSession session, IPAddress? address, string? typed, CancellationToken cancellationToken)
    {
        if (await limit.ReserveAsync(session.UserId, address, cancellationToken) is not { } guess)
        {
            Refuse(session, "Too many wrong user codes.");
            return new DeviceQuestion.TooMany(UserCodeLimit.Window);
        }

        // Unknown, expired, answered and of a client that is gone: the same words, or guessing would teach something.
        if (UserCode.Parse(typed) is not { } code
            || await FindAsync(code, cancellationToken) is not { } request
            || await clients.FindAsync(request.ClientId, cancellationToken) is not { } client || !client.MayUseGrant(GrantTypes.DeviceCode))
        {
            Refuse(session, "The user code is unknown, expired or used.");
            return new DeviceQuestion.NoSuchCode();
        }

        await limit.GiveBackAsync(guess, cancellationToken);
        return IsTooOld(session, request, client)
            ? new DeviceQuestion.SignInAgain(code)
            : new DeviceQuestion.Ask(request, code, client, DeviceRequestDraft.Split(request.Scopes));
    }

    /// <summary>Makes the grant that the device may fetch once.</summary>
    /// <returns>False when the request expired or was answered meanwhile, or the person was removed.</returns>
    public async Task<bool> AllowAsync(DeviceQuestion.Ask question, CurrentSession session, CancellationToken cancellationToken)
    {
        var grant = GrantMaking.New(
            question.Client.Id, session.Subject, session.Sid, question.Scopes, requestedClaims: null, clock.GetUtcNow().UtcDateTime);
        if (question.Client.Metadata is { SubjectType: SubjectTypes.Pairwise } metadata)
        {
            grant.ClientSubject = await subjects.EnsureAsync(session.Subject, ClientSubjectRules.SectorOf(metadata), cancellationToken);
            if (grant.ClientSubject is null)
            {
                return false;
            }
        }

        // The grant is there from now on, so that the session's end takes it along even if the device has not come yet.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await DecideAsync(question.Request.Id, DeviceRequestStatus.Allowed, session, grant.Id, cancellationToken))
        {
            return false;
        }

        db.Add(grant);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        audit.Record(AuditEventType.DeviceAllowed, succeeded: true, session.Subject, question.Client.ClientId, session.Sid,
            $"Asked from {question.Request.RemoteAddress}; scopes: {question.Request.Scopes}");
        return true;
    }

    public async Task<bool> DenyAsync(DeviceQuestion.Ask question, CurrentSession session, CancellationToken cancellationToken)
    {
        var denied = await DecideAsync(question.Request.Id, DeviceRequestStatus.Denied, session, grant: null, cancellationToken);
        if (denied)
        {
            audit.Record(AuditEventType.DeviceDenied, succeeded: false, session.Subject, question.Client.ClientId, session.Sid,
                $"Asked from {question.Request.RemoteAddress}.");
        }

        return denied;
    }

    // OpenID Connect Dynamic Client Registration §2, default_max_age: as for any other request, a sign-in since it was made is always new enough.
    private bool IsTooOld(CurrentSession session, DeviceRequest request, RegisteredClient client) =>
        client.Metadata.DefaultMaxAge is { } seconds
        && session.AuthenticatedAt < request.CreatedAt
        && clock.GetUtcNow().UtcDateTime - session.AuthenticatedAt > TimeSpan.FromSeconds(seconds);

    private async Task<DeviceRequest?> FindAsync(UserCode code, CancellationToken cancellationToken)
    {
        var (hash, now) = (code.Hash, clock.GetUtcNow().UtcDateTime);
        return await db.Set<DeviceRequest>().AsNoTracking().SingleOrDefaultAsync(
            row => row.UserCodeHash == hash && row.Status == DeviceRequestStatus.Pending && row.ExpiresAt > now, cancellationToken);
    }

    private async Task<bool> DecideAsync(
        Guid id, DeviceRequestStatus status, CurrentSession session, Guid? grant, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return await db.Set<DeviceRequest>().Where(row => row.Id == id && row.Status == DeviceRequestStatus.Pending && row.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.Status, status)
                .SetProperty(row => row.DecidedBy, session.Subject)
                .SetProperty(row => row.DecidedAt, now)
                .SetProperty(row => row.SessionId, session.Sid)
                .SetProperty(row => row.GrantId, grant), cancellationToken) == 1;
    }

    private void Refuse(CurrentSession session, string reason) =>
        audit.Record(AuditEventType.UserCodeRefused, succeeded: false, session.Subject, sessionId: session.Sid, reason: reason);
}

/// <summary>What stands on the device page after a code was typed.</summary>
internal abstract record DeviceQuestion
{
    private DeviceQuestion()
    {
    }

    public sealed record Ask(DeviceRequest Request, UserCode Code, RegisteredClient Client, IReadOnlyList<string> Scopes) : DeviceQuestion;

    /// <summary>The code is right, and the sign-in is older than the client takes.</summary>
    public sealed record SignInAgain(UserCode Code) : DeviceQuestion;

    public sealed record NoSuchCode : DeviceQuestion;

    /// <param name="RetryAfter">How long to wait, at most.</param>
    public sealed record TooMany(TimeSpan RetryAfter) : DeviceQuestion;
}
