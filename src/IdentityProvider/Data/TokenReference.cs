using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Data;

/// <summary>
/// What is handed out of a stored token: the id of its row and a secret of 256 bits, in base64url. The row is found by its id, which is no secret, and
/// its hash is then compared. A hash that is looked up would need an index of its own, in which every new token lies somewhere else.
/// </summary>
internal static class TokenReference
{
    // Without padding or spare bits: a reference is written in one way only.
    private const int Length = (IdLength + SecretLength) / 3 * 4;
    private const int IdLength = 16;
    private const int SecretLength = 32;

    // Tokens handed out by earlier versions are a secret alone, and found by its hash.
    private const int FormerLength = 43;

    /// <summary>A new reference, which nobody can guess.</summary>
    public static string New(Guid id) => Make(id, RandomNumberGenerator.GetBytes(SecretLength));

    /// <summary>The row that a text names; null when it is no such reference, whatever else it may be.</summary>
    public static Guid? ReadId(string text)
    {
        Span<byte> bytes = stackalloc byte[IdLength + SecretLength];
        return text.Length == Length && Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done && written == bytes.Length
            ? new Guid(bytes[..IdLength], bigEndian: true)
            : null;
    }

    public static bool MayBeFormer(string text) => text.Length == FormerLength;

    /// <summary>
    /// The reference of what takes the place of a token that was presented, by HKDF (RFC 5869): from that token, of which nothing but a hash is stored,
    /// and from a seed, which only the database holds. The same whenever both are there, and unknown to whoever has one of them.
    /// </summary>
    /// <param name="seed">The row of the new token and a salt, written like a reference: made by <see cref="New"/>.</param>
    /// <returns>Null when it is no seed.</returns>
    public static string? After(string presented, string seed)
    {
        if (ReadId(seed) is not { } id)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[IdLength + SecretLength];
        _ = Base64Url.DecodeFromChars(seed, bytes);
        Span<byte> secret = stackalloc byte[SecretLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(presented), secret, salt: bytes[IdLength..], info: bytes[..IdLength]);
        return Make(id, secret);
    }

    /// <summary>What is stored of a reference.</summary>
    public static byte[] Hash(string reference) => SHA256.HashData(Encoding.UTF8.GetBytes(reference));

    private static string Make(Guid id, ReadOnlySpan<byte> secret)
    {
        Span<byte> bytes = stackalloc byte[IdLength + SecretLength];
        _ = id.TryWriteBytes(bytes, bigEndian: true, out _);
        secret.CopyTo(bytes[IdLength..]);
        return Base64Url.EncodeToString(bytes);
    }
}
