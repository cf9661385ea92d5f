using System.Net;
using System.Net.Sockets;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>A way to a server that can be cut: what is open breaks, and what is new is refused.</summary>
internal sealed class CuttableConnection(string host, int port) : IAsyncDisposable
{
    private readonly List<Socket> open = [];
    private readonly Lock gate = new();
    private TcpListener? listener;
    private Task accepting = Task.CompletedTask;

    public int Port { get; } = Ports.Free();

    public void Restore()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        accepting = AcceptAsync(listener);
    }

    public async Task CutAsync()
    {
        listener?.Dispose();
        listener = null;
        await accepting;
        lock (gate)
        {
            foreach (var socket in open)
            {
                socket.Close(timeout: 0);
            }

            open.Clear();
        }
    }

    public async ValueTask DisposeAsync() => await CutAsync();

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
            {
                var near = await from.AcceptSocketAsync();
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (gate)
                {
                    open.AddRange([near, far]);
                }

                await far.ConnectAsync(host, port);
                _ = CopyAsync(near, far);
                _ = CopyAsync(far, near);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }

            to.Close();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            from.Close();
            to.Close();
        }
    }
}
