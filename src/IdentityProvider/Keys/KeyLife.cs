using IdentityProvider.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Keys;

/// <summary>Where a key stands: published -> active -> retired -> deleted.</summary>
internal enum KeyState
{
    Published,
    Active,
    Retired,
    Deleted,
}

/// <summary>What follows from the dates of keys. Pure.</summary>
internal static class KeyLife
{
    /// <summary>
    /// ES256 signs access tokens and RS256 id_tokens where nobody asks for anything else: they always have a key.
    /// The other algorithms of <see cref="SignatureAlgorithms.All"/> have one from when they are first needed.
    /// </summary>
    public static IReadOnlyList<string> Always { get; } = [Algorithms.EcdsaSha256, Algorithms.RsaSha256];

    private static readonly string[] inOrder = [.. Always, .. SignatureAlgorithms.All.Except(Always)];

    /// <summary>The key of these that signs now. <paramref name="keys"/> are of one algorithm.</summary>
    public static SigningKey? Active(IEnumerable<SigningKey> keys, DateTime now)
    {
        var living = keys.Where(key => !IsDeleted(key, now)).OrderBy(key => key.Generation).ToList();
        // A node whose clock is behind may see only keys of the future: the first of them was meant to sign at once.
        return living.LastOrDefault(key => key.ActivateAt <= now) ?? living.FirstOrDefault();
    }

    /// <summary>The state of each key, in the order in which the library is to be given them: what signs first.</summary>
    public static IReadOnlyList<(SigningKey Key, KeyState State)> Order(IReadOnlyCollection<SigningKey> keys, DateTime now)
    {
        var active = inOrder.Select(algorithm => Active(keys.Where(key => key.Algorithm == algorithm), now)).OfType<SigningKey>().ToList();
        return
        [
            .. active.Select(key => (key, KeyState.Active)),
            .. keys.Except(active).OrderByDescending(key => key.ActivateAt).ThenBy(key => key.Algorithm, StringComparer.Ordinal)
                .Select(key => (key, IsDeleted(key, now) ? KeyState.Deleted : key.ActivateAt > now ? KeyState.Published : KeyState.Retired)),
        ];
    }

    /// <summary>When the successor of the newest key of an algorithm is to take over; null while it need not be made yet.</summary>
    public static DateTime? NextActivation(SigningKey newest, KeyOptions options, DateTime now)
    {
        var due = newest.ActivateAt + options.RotationPeriod;
        if (due - options.PublishLead > now)
        {
            return null;
        }

        // After a long standstill the successor still gets its time of being published first.
        return due > now + options.PublishLead ? due : now + options.PublishLead;
    }

    /// <summary>The newest key of each algorithm.</summary>
    public static IReadOnlyList<SigningKey> Newest(IEnumerable<SigningKey> keys) =>
        [.. keys.GroupBy(key => key.Algorithm).Select(group => group.MaxBy(key => key.Generation)!)];

    /// <summary>Whether a key is to be deleted or to be given a successor.</summary>
    public static bool IsWorkDue(IReadOnlyCollection<SigningKey> keys, KeyOptions options, DateTime now) =>
        keys.Any(key => IsDeleted(key, now)) || Newest(keys).Any(key => NextActivation(key, options, now) is not null);

    private static bool IsDeleted(SigningKey key, DateTime now) => key.DeleteAt <= now;
}
