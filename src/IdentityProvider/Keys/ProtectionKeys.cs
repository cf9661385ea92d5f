using System.Security.Cryptography;
using IdentityProvider.Configuration;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace IdentityProvider.Keys;

/// <summary>The state of the Data Protection keys before the first of them is used.</summary>
/// <remarks>
/// The framework quietly makes a new key when it cannot unwrap those that are there, and so loses every session and signing key;
/// and two nodes that each make their first key do not know the other's for a day. Both are settled here.
/// </remarks>
internal sealed class ProtectionKeys(IKeyManager keys, ProtectionKeyRows rows)
{
    private static readonly TimeSpan lifetime = TimeSpan.FromDays(90);

    /// <summary>Makes the first key where there is none, and refuses to start with one that cannot be unwrapped.</summary>
    public void Ensure()
    {
        var all = keys.GetAllKeys();
        if (all.Any(key => !key.IsRevoked && !CanBeUsed(key)))
        {
            throw new StartRefusedException(
                $"The Data Protection keys in the database cannot be unwrapped with the certificate of {ProtectionOptions.Section}:CertificatePath; put back the certificate they were made with, or, if it is lost for good, run \"keys rotate --now\", which ends every session and invalidates every token.");
        }

        if (all.Count == 0)
        {
            MakeFirst();
        }
    }

    /// <summary>Removes keys that cannot be unwrapped, with everything that was protected by them. Only on an operator's word.</summary>
    public async Task DiscardUnusableAsync(CancellationToken cancellationToken)
    {
        var all = keys.GetAllKeys();
        var lost = all.Where(key => !key.IsRevoked && !CanBeUsed(key)).Select(key => $"key-{key.KeyId:D}").ToList();
        await rows.RemoveAsync(lost, cancellationToken);
        if (lost.Count == all.Count)
        {
            MakeFirst();
        }
    }

    // The framework's own clock: its key ring would not use a key that another clock dates into its future.
    private void MakeFirst()
    {
        var now = TimeProvider.System.GetUtcNow();
        keys.CreateNewKey(now, now + lifetime);
    }

    private static bool CanBeUsed(IKey key)
    {
        try
        {
            return key.CreateEncryptor() is not null;
        }
        catch (Exception exception) when (exception is CryptographicException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
