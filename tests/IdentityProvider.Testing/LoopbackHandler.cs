using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace IdentityProvider.Testing;

/// <summary>Sends what is meant for an issuer to a port of this machine. Whatever else is asked for is refused.</summary>
internal static class LoopbackHandler
{
    public static SocketsHttpHandler For(string issuer, int port) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectCallback = async (context, cancellationToken) =>
        {
            if (context.DnsEndPoint.Host != new Uri(issuer).Host && context.DnsEndPoint.Host != "127.0.0.1")
            {
                throw new HttpRequestException($"Tests do not leave this machine: {context.DnsEndPoint.Host} was asked for.");
            }

            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate?.GetCertHashString() == TestCertificate.Instance.GetCertHashString(),
        },
    };
}
