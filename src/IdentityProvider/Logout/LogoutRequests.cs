using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Clients;
using Microsoft.AspNetCore.DataProtection;

namespace IdentityProvider.Logout;

/// <summary>
/// Carries a logout request through the page that asks. Nothing has happened yet that would need a row;
/// sealed by Data Protection, so that nobody can put an address of their own into it.
/// </summary>
internal sealed class LogoutRequests(IDataProtectionProvider protection, ClientCatalog clients)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly ITimeLimitedDataProtector protector =
        protection.CreateProtector("IdentityProvider.Logout.Request").ToTimeLimitedDataProtector();

    public string Seal(LogoutRequest request) => protector.Protect(JsonSerializer.Serialize(request), Lifetime);

    /// <summary>The sealed request, or null when it is not ours or has expired.</summary>
    public LogoutRequest? Open(string? sealedRequest)
    {
        if (string.IsNullOrEmpty(sealedRequest))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<LogoutRequest>(protector.Unprotect(sealedRequest));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Who asks, for the page that asks the person.</summary>
    public async Task<RegisteredClient?> FindClientAsync(string? sealedRequest, CancellationToken cancellationToken) =>
        Open(sealedRequest)?.ClientId is { } clientId ? await clients.FindAsync(clientId, cancellationToken) : null;
}
