using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol;

/// <summary>
/// Connections this server makes to others. The address is judged after the name was resolved and is the one that is connected to,
/// so that a name cannot point elsewhere a moment later (DNS rebinding); redirects are not followed.
/// </summary>
internal sealed class OutgoingGuard(IOptions<OutgoingRequestsOptions> options)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // A name may move; a connection that outlives this would go on to where it was.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>A handler for an <see cref="HttpClient"/> that calls addresses outside this server.</summary>
    public SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, cancellationToken),
    };

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var allowed = options.Value.AllowedPrivateHosts.Contains(endPoint.Host.Trim('[', ']'), StringComparer.OrdinalIgnoreCase);
        var addresses = (await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken))
            .Where(address => allowed || PublicAddresses.Contains(address))
            .ToArray();
        if (addresses.Length == 0)
        {
            throw new HttpRequestException(
                $"{endPoint.Host} has no public address. If this server may call it, name it in {OutgoingRequestsOptions.Section}:AllowedPrivateHosts.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
