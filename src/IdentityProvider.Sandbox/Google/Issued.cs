using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityProvider.Sandbox.Google;

/// <summary>What the stand-in has handed out: random names for values, kept in memory until they expire.</summary>
/// <typeparam name="T">What the name stands for.</typeparam>
internal sealed class Issued<T>(TimeSpan lifetime, TimeProvider clock)
    where T : class
{
    private readonly ConcurrentDictionary<string, (T Value, DateTimeOffset ExpiresAt)> values = new(StringComparer.Ordinal);

    public string Issue(T value)
    {
        var now = clock.GetUtcNow();
        foreach (var expired in values.Where(entry => entry.Value.ExpiresAt <= now))
        {
            values.TryRemove(expired);
        }

        var name = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        values[name] = (value, now + lifetime);
        return name;
    }

    public T? Find(string name) =>
        values.TryGetValue(name, out var found) && found.ExpiresAt > clock.GetUtcNow() ? found.Value : null;

    /// <summary>The value, for exactly one caller.</summary>
    public T? Take(string name) =>
        values.TryRemove(name, out var found) && found.ExpiresAt > clock.GetUtcNow() ? found.Value : null;
}
