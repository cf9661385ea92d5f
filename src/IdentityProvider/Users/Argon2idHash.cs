using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace IdentityProvider.Users;

/// <summary>
/// A password hash by Argon2id (RFC 9106), written as a PHC string:
/// <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>, salt and hash in base64 without padding.
/// </summary>
internal sealed record Argon2idHash(int MemoryKiB, int Passes, byte[] Salt, byte[] Hash)
{
    private const string Prefix = "$argon2id$v=19$";

    // OWASP's first recommendation for one lane; libsodium computes one lane only.
    private const int CurrentMemoryKiB = 19 * 1024;
    private const int CurrentPasses = 2;
    private const int HashSize = 32;

    // libsodium takes no other.
    private const int SaltSize = 16;

    // A stored hash names its own cost: without a ceiling, one imported row could stop the machine at every login.
    private const int MaximumMemoryKiB = 256 * 1024;
    private const int MaximumPasses = 10;

    /// <summary>Hashes with today's parameters and a salt of its own.</summary>
    public static Argon2idHash Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return new(CurrentMemoryKiB, CurrentPasses, salt, Compute(password, CurrentMemoryKiB, CurrentPasses, salt, HashSize));
    }

    /// <summary>A hash with today's parameters that no known password has: verifying against it is the work of verifying, in vain.</summary>
    public static Argon2idHash Decoy() =>
        new(CurrentMemoryKiB, CurrentPasses, RandomNumberGenerator.GetBytes(SaltSize), RandomNumberGenerator.GetBytes(HashSize));

    /// <summary>Whether this is weaker than what is made today.</summary>
    public bool IsOutdated => MemoryKiB < CurrentMemoryKiB || Passes < CurrentPasses || Hash.Length < HashSize;

    public bool Matches(string password) =>
        CryptographicOperations.FixedTimeEquals(Compute(password, MemoryKiB, Passes, Salt, Hash.Length), Hash);

    public static bool LooksLike(string text) => text.StartsWith("$argon2", StringComparison.Ordinal);

    /// <summary>Reads a PHC string of a kind and cost that this server can compute.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Argon2idHash? hash)
    {
        hash = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)
            || text[Prefix.Length..].Split('$') is not [var parameters, var saltText, var hashText]
            || parameters.Split(',') is not [var memoryText, var passesText, "p=1"]
            || !TryReadNumber(memoryText, "m=", 8, MaximumMemoryKiB, out var memory)
            || !TryReadNumber(passesText, "t=", 1, MaximumPasses, out var passes)
            || !TryReadBase64(saltText, SaltSize, SaltSize, out var salt)
            || !TryReadBase64(hashText, 16, 64, out var bytes))
        {
            return false;
        }

        hash = new(memory, passes, salt, bytes);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Prefix}m={MemoryKiB},t={Passes},p=1${ToBase64(Salt)}${ToBase64(Hash)}");

    private static byte[] Compute(string password, int memoryKiB, int passes, byte[] salt, int size)
    {
        var algorithm = PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters
        {
            DegreeOfParallelism = 1,
            MemorySize = memoryKiB,
            NumberOfPasses = passes,
        });

        // The overload that takes a string hashes UTF-16, which no other software would ever verify.
        var bytes = Encoding.UTF8.GetBytes(password);
        try
        {
            return algorithm.DeriveBytes(bytes, salt, size);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static bool TryReadNumber(string text, string prefix, int minimum, int maximum, out int number)
    {
        number = 0;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number >= minimum && number <= maximum;
    }

    private static bool TryReadBase64(string text, int minimum, int maximum, out byte[] bytes)
    {
        bytes = [];
        if (text.Length > 128 || text.Contains('=', StringComparison.Ordinal))
        {
            return false;
        }

        var buffer = new byte[96];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), buffer, out var written)
            || written < minimum || written > maximum)
        {
            return false;
        }

        bytes = buffer[..written];
        return true;
    }

    private static string ToBase64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
