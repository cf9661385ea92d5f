using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>The device's side of a request: it is made, asked for again and again, and redeemed once.</summary>
internal sealed class DeviceRequests(
    AppDbContext db, ProtocolDbContext protocolDb, IOptions<DeviceAuthorizationOptions> options, AuditLog audit, TimeProvider clock)
{
    /// <summary>Seconds between polls, until a device does not keep to it (RFC 8628 §3.2).</summary>
    public const int FirstInterval = 5;

    // RFC 8628 §3.5: "the interval MUST be increased by 5 seconds".
    private const int IntervalStep = 5;

    private const int CodeBytes = 32;

    // Two requests may travel at different speeds: who waits the interval exactly must never be told to slow down.
    private static readonly TimeSpan jitter = TimeSpan.FromSeconds(1);

    // Two polls sent at once, of which one gets the tokens: the other is no thief.
    private static readonly TimeSpan retryLeeway = TimeSpan.FromSeconds(FirstInterval);

    public async Task<NewDeviceRequest> CreateAsync(DeviceRequestDraft draft, CancellationToken cancellationToken)
    {
        var lifetime = options.Value.CodeLifetime;
        while (true)
        {
            var (deviceCode, userCode) = (Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes)), UserCode.New());
            var now = clock.GetUtcNow().UtcDateTime;
            db.Add(new DeviceRequest
            {
                Id = Guid.CreateVersion7(),
                DeviceCodeHash = HashOf(deviceCode),
                UserCodeHash = userCode.Hash,
                ClientId = draft.ClientId,
                Scopes = string.Join(' ', draft.Scopes),
                Resources = string.Join(' ', draft.Resources),
                CreatedAt = now,
                ExpiresAt = now + lifetime,
                RemoteAddress = draft.RemoteAddress,
                UserAgent = draft.UserAgent,
                Interval = FirstInterval,
                NextPollAt = now,
            });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return new NewDeviceRequest(deviceCode, userCode, lifetime);
            }
            catch (DbUpdateException exception) when (exception.IsUniqueViolation())
            {
                // Another device was given the same user code: this one gets a new one.
                db.ChangeTracker.Clear();
            }
        }
    }

    public async Task<DevicePoll> PollAsync(string deviceCode, string clientId, CancellationToken cancellationToken)
    {
        var hash = HashOf(deviceCode);
        var request = await db.Set<DeviceRequest>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.DeviceCodeHash == hash, cancellationToken);
        var now = clock.GetUtcNow().UtcDateTime;
        return request switch
        {
            null => new DevicePoll.Unknown(),
            _ when request.ClientId != clientId => new DevicePoll.Unknown(),
            { Status: DeviceRequestStatus.Redeemed } => await AgainAsync(request, now, cancellationToken),
            { Status: DeviceRequestStatus.Denied } => new DevicePoll.Denied(),
            _ when request.ExpiresAt <= now => new DevicePoll.Expired(),
            { Status: DeviceRequestStatus.Allowed } => await RedeemAsync(request, now, cancellationToken),
            _ => await WaitAsync(request, now, cancellationToken),
        };
    }

    private async Task<DevicePoll> WaitAsync(DeviceRequest request, DateTime now, CancellationToken cancellationToken)
    {
        var tooSoon = now + jitter < request.NextPollAt;
        var interval = tooSoon ? request.Interval + IntervalStep : request.Interval;
        var next = now + TimeSpan.FromSeconds(interval);

        // Of several polls at once one counts; the others came too soon, whoever is counted first.
        var counted = await db.Set<DeviceRequest>().Where(row => row.Id == request.Id && row.NextPollAt == request.NextPollAt)
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.Interval, interval)
                .SetProperty(row => row.NextPollAt, next), cancellationToken);
        return tooSoon || counted == 0 ? new DevicePoll.TooSoon() : new DevicePoll.Pending();
    }

    private async Task<DevicePoll> RedeemAsync(DeviceRequest request, DateTime now, CancellationToken cancellationToken)
    {
        var redeemed = await db.Set<DeviceRequest>().Where(row => row.Id == request.Id && row.Status == DeviceRequestStatus.Allowed)
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.Status, DeviceRequestStatus.Redeemed)
                .SetProperty(row => row.RedeemedAt, now), cancellationToken);
        if (redeemed == 0)
        {
            return new DevicePoll.Used();
        }

        var session = await db.Set<Session>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.SessionId, cancellationToken);
        if (session is null)
        {
            return new DevicePoll.Denied();
        }

        var principal = PrincipalFactory.ForPerson(new PersonGrant(
            request.DecidedBy!, session.Id, session.AuthenticatedAt, session.Methods.Split(' ', StringSplitOptions.RemoveEmptyEntries), session.Acr,
            DeviceRequestDraft.Split(request.Scopes), DeviceRequestDraft.Split(request.Resources)));
        principal.SetAuthorizationId(request.GrantId!.Value.ToString());
        return new DevicePoll.Allowed(principal);
    }

    // A device code is a code: presented after it was used, somebody else has seen it (RFC 6749 §4.1.2, RFC 8628 §5.2).
    private async Task<DevicePoll> AgainAsync(DeviceRequest request, DateTime now, CancellationToken cancellationToken)
    {
        if (request.RedeemedAt + retryLeeway < now && request.GrantId is { } grant && await GrantEnding.EndAsync(protocolDb, grant, cancellationToken))
        {
            audit.Record(AuditEventType.CodeReplayed, succeeded: false, request.DecidedBy, request.ClientId, request.SessionId,
                "A device code was presented again after it was used: the grant and everything issued from it ended.");
        }

        return new DevicePoll.Used();
    }

    private static byte[] HashOf(string deviceCode) => SHA256.HashData(Encoding.UTF8.GetBytes(deviceCode));
}

/// <summary>What a device asks for, and where from.</summary>
internal sealed record DeviceRequestDraft(
    string ClientId, IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources, string? RemoteAddress, string? UserAgent)
{
    public static string[] Split(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>What only the device learns.</summary>
internal sealed record NewDeviceRequest(string DeviceCode, UserCode UserCode, TimeSpan Lifetime);
