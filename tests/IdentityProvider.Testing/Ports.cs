using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IdentityProvider.Testing;

/// <summary>Loopback ports for servers under test.</summary>
public static class Ports
{
    // Below the range from which the system picks ports for outgoing connections, so that a port stays free between two starts.
    private const int First = 20_000;
    private const int Last = 32_000;
    private static int next = First + (Environment.ProcessId * 37 % (Last - First));

    /// <summary>A port nobody listens on. Each call gives another one.</summary>
    public static int Free()
    {
        for (var attempt = 0; attempt < Last - First; attempt++)
        {
            var port = First + ((Interlocked.Increment(ref next) - First) % (Last - First));
            try
            {
                using var _ = Bind(port);
                return port;
            }
            catch (SocketException)
            {
                // Taken: try the next.
            }
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"No free port between {First} and {Last}."));
    }

    internal static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
