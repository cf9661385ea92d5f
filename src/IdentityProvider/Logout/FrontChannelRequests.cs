using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace IdentityProvider.Logout;

/// <summary>
/// Carries an ended session to the page that tells its clients. Sealed, so that nobody can ask the page for another session's clients,
/// and for a few minutes only.
/// </summary>
internal sealed class FrontChannelRequests(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector protector =
        protection.CreateProtector("IdentityProvider.Logout.FrontChannel").ToTimeLimitedDataProtector();

    public string Seal(FrontChannelRequest request) => protector.Protect(JsonSerializer.Serialize(request), Lifetime);

    /// <summary>The sealed request, or null when it is not ours or has expired.</summary>
    public FrontChannelRequest? Open(string? sealedRequest)
    {
        if (string.IsNullOrEmpty(sealedRequest))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<FrontChannelRequest>(protector.Unprotect(sealedRequest));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <param name="Sid">The session that ended.</param>
/// <param name="Then">Where the person goes afterwards; null when no client asked for them.</param>
internal sealed record FrontChannelRequest(string Sid, LogoutRequest? Then);
