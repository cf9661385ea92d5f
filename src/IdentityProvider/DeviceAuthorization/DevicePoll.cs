using System.Security.Claims;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>What a device that asks for its tokens is told (RFC 8628 §3.5).</summary>
internal abstract record DevicePoll
{
    private DevicePoll()
    {
    }

    /// <summary>The person has not answered yet.</summary>
    public sealed record Pending : DevicePoll;

    /// <summary>The same, and the device asked too soon: from now on it must wait longer.</summary>
    public sealed record TooSoon : DevicePoll;

    public sealed record Denied : DevicePoll;

    public sealed record Expired : DevicePoll;

    /// <summary>No such code, or another client's.</summary>
    public sealed record Unknown : DevicePoll;

    /// <summary>The tokens were fetched before.</summary>
    public sealed record Used : DevicePoll;

    /// <summary>The person allowed it, and this poll, of all, is the one that gets the tokens.</summary>
    public sealed record Allowed(ClaimsPrincipal Principal) : DevicePoll;
}
