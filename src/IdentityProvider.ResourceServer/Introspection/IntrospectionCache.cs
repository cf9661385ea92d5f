using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Answers of the last seconds, by the SHA-256 of their tokens. Never more than so many: they lie in two halves, and when the
/// younger one is full, the older one is dropped whole.
/// </summary>
internal sealed class IntrospectionCache(int size, TimeProvider clock)
{
    private readonly Lock turning = new();
    private volatile ConcurrentDictionary<Key, Entry> younger = new();
    private volatile ConcurrentDictionary<Key, Entry> older = new();

    public IntrospectionAnswer? Find(Key key) =>
        (younger.TryGetValue(key, out var entry) || older.TryGetValue(key, out entry)) && clock.GetUtcNow() < entry.Until ? entry.Answer : null;

    public void Add(Key key, IntrospectionAnswer answer, DateTimeOffset until)
    {
        if (until <= clock.GetUtcNow())
        {
            return;
        }

        lock (turning)
        {
            if (younger.Count >= size / 2)
            {
                older = younger;
                younger = new();
            }

            younger[key] = new Entry(answer, until);
        }
    }

    /// <summary>A token by its hash: what lies in memory must not be usable by whoever reads it.</summary>
    public readonly record struct Key(UInt128 High, UInt128 Low)
    {
        public static Key Of(string token)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
            return new Key(System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash), System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash[16..]));
        }
    }

    private sealed record Entry(IntrospectionAnswer Answer, DateTimeOffset Until);
}
