using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>Who sent a request, as the library has found out.</summary>
internal static class CallerOfRequest
{
    /// <summary>The credentials and tokens that came with the request; null before they were looked at.</summary>
    public static ProcessAuthenticationContext? Authentication(this OpenIddictServerTransaction transaction) =>
        transaction.GetProperty<ProcessAuthenticationContext>(typeof(ProcessAuthenticationContext).FullName!);

    /// <summary>The client that authenticated. One that does so by an assertion need not name itself beside it (RFC 7521 §4.2).</summary>
    public static string? AuthenticatedClient(this OpenIddictServerTransaction transaction) => transaction.Authentication()?.ClientId;
}
