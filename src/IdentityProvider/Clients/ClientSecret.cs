using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityProvider.Clients;

/// <summary>
/// A client's secret. It is 256 random bits and not a word somebody chose, so one SHA-256 protects it at rest:
/// there is nothing to guess, and a slow hash would only slow down every token request.
/// </summary>
internal static class ClientSecret
{
    /// <summary>The length of 256 bits in base64url.</summary>
    public const int Length = 43;

    private const string Prefix = "{SHA256}";

    /// <summary>Makes a new secret, to be shown once.</summary>
    public static string Generate() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a secret.</summary>
    public static string Hash(string secret) =>
        Prefix + WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether the secret presented is the one stored, in a time that tells nothing.</summary>
    public static bool Matches(string secret, string stored) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(stored));

    /// <summary>Whether a secret somebody else made can hold 256 bits: at least 43 characters of base64url.</summary>
    public static bool IsLongEnough(string secret) =>
        secret.Length >= Length && secret.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
}
