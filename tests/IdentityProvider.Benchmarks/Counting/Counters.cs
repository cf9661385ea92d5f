using System.Net.Sockets;
using System.Text.Json;

namespace IdentityProvider.Benchmarks.Counting;

/// <summary>What the server had done up to a moment.</summary>
internal sealed record Counters
{
    /// <summary>SQL commands for requests; brackets of transactions are none.</summary>
    public long Commands { get; init; }

    /// <summary>SQL commands of jobs and of what is written behind the requests.</summary>
    public long CommandsElsewhere { get; init; }

    public long SessionReads { get; init; }

    public long SessionWrites { get; init; }

    public long AllocatedBytes { get; init; }

    public long HeapBytes { get; init; }

    /// <summary>The commands since the counters were read before.</summary>
    public IReadOnlyList<string> Statements { get; init; } = [];

    public static async Task<Counters> ReadAsync(string socketPath)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
        await using var stream = new NetworkStream(socket);
        return await JsonSerializer.DeserializeAsync<Counters>(stream) ?? throw new BenchmarkException("The server told no counts.");
    }
}
