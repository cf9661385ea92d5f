using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace IdentityProvider.Sandbox.Loopback;

/// <summary>
/// A port of the loopback interface, held from the moment it was found free until the web server takes it over.
/// So "taken" is known before anything starts, and two programs that start together never get the same port.
/// </summary>
internal sealed class LoopbackPort : IDisposable
{
    private readonly IReadOnlyList<Socket> sockets;

    private LoopbackPort(int number, IReadOnlyList<Socket> sockets)
    {
        Number = number;
        this.sockets = sockets;
    }

    public int Number { get; }

    /// <summary>The addresses to listen on: IPv4, and IPv6 where the machine has it ("localhost" may mean either).</summary>
    public IEnumerable<IPEndPoint> EndPoints => sockets.Select(socket => (IPEndPoint)socket.LocalEndPoint!);

    /// <summary>Takes a port, or null when somebody else has it.</summary>
    /// <param name="number">The port; 0 takes any free one.</param>
    public static LoopbackPort? TryTake(int number) => number == 0 ? TakeAny() : TakeThis(number);

    public Socket SocketFor(EndPoint endPoint) =>
        sockets.Single(socket => socket.LocalEndPoint!.Equals(endPoint));

    public void Dispose()
    {
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }
    }

    private static LoopbackPort TakeAny()
    {
        while (true)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var number = ((IPEndPoint)probe.LocalEndPoint!).Port;
            probe.Dispose();
            if (TakeThis(number) is { } port)
            {
                return port;
            }
        }
    }

    private static LoopbackPort? TakeThis(int number)
    {
        // Some systems let a loopback address be bound although another program listens on the port everywhere.
        if (IsListenedOnEverywhere(number) || Listen(IPAddress.Loopback, number) is not { } ipv4)
        {
            return null;
        }

        if (!Socket.OSSupportsIPv6)
        {
            return new LoopbackPort(number, [ipv4]);
        }

        try
        {
            if (Listen(IPAddress.IPv6Loopback, number) is { } ipv6)
            {
                return new LoopbackPort(number, [ipv4, ipv6]);
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode
            is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            return new LoopbackPort(number, [ipv4]); // A container without ::1.
        }

        ipv4.Dispose();
        return null;
    }

    private static Socket? Listen(IPAddress address, int number)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, number));
            // A port that is only bound can be bound again by others; one that is listened on cannot.
            socket.Listen();
            return socket;
        }
        catch (SocketException exception) when (exception.SocketErrorCode
            is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsListenedOnEverywhere(int number) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener =>
            listener.Port == number && (listener.Address.Equals(IPAddress.Any) || listener.Address.Equals(IPAddress.IPv6Any)));
}
