namespace IdentityProvider.DeviceAuthorization;

/// <summary>A device that asked for access and waits for a person to answer elsewhere (RFC 8628 §3). The codes are stored as hashes.</summary>
internal sealed class DeviceRequest
{
    public Guid Id { get; init; }

    /// <summary>SHA-256 of the device code: 256 random bits that only the device has.</summary>
    public byte[] DeviceCodeHash { get; init; } = [];

    /// <summary>SHA-256 of the user code as <see cref="UserCode.Parse"/> reads it.</summary>
    public byte[] UserCodeHash { get; init; } = [];

    public string ClientId { get; init; } = "";

    /// <summary>Separated by spaces, in the order of the request.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>The audiences of the access tokens, separated by spaces; never empty.</summary>
    public string Resources { get; init; } = "";

    public DateTime CreatedAt { get; init; }

    public DateTime ExpiresAt { get; init; }

    /// <summary>Where the device asked from, as the configured proxies tell it. Shown to the person.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>What the device says it is. Shown to the person.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Seconds the device must wait between two polls; grows whenever it does not (RFC 8628 §3.5).</summary>
    public int Interval { get; set; }

    /// <summary>A poll before this moment comes too early.</summary>
    public DateTime NextPollAt { get; set; }

    public DeviceRequestStatus Status { get; set; }

    /// <summary>The <c>sub</c> of whoever allowed or denied it.</summary>
    public string? DecidedBy { get; set; }

    /// <summary>For whoever looks into the database; the server does not read it.</summary>
    public DateTime? DecidedAt { get; set; }

    /// <summary>The <c>sid</c> of the session in which it was allowed.</summary>
    public string? SessionId { get; set; }

    /// <summary>The grant that allowing it made.</summary>
    public Guid? GrantId { get; set; }

    public DateTime? RedeemedAt { get; set; }
}

/// <summary>Where a device request stands. That it expired is a matter of the clock.</summary>
internal enum DeviceRequestStatus
{
    Pending,
    Allowed,
    Denied,
    Redeemed,
}
