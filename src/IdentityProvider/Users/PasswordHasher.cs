using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Users;

/// <summary>
/// Makes Argon2id hashes and verifies those and older ones (ASP.NET Core Identity version 3, bcrypt).
/// A computation takes tens of milliseconds of a core and 19 MiB: request code enters the <see cref="HashingQueue"/> first.
/// </summary>
internal sealed class PasswordHasher : IPasswordHasher<User>
{
    public const string MeterName = "IdentityProvider.Users";

    // Identity's own default is 100,000. More than ten times that is not an old hash but a way to stop the machine.
    private const int MaximumIterations = 1_500_000;

    private static readonly User Nobody = new();

    private readonly PasswordHasher<User> identity = new();
    private readonly Argon2idHash decoy = Argon2idHash.Decoy();
    private readonly Counter<long> computations;

    public PasswordHasher(IMeterFactory meters) =>
        computations = meters.Create(MeterName).CreateCounter<long>("identityprovider.password.computations",
            description: "Password hashes computed, to make one or to verify one.");

    public string Hash(string password)
    {
        computations.Add(1);
        return Argon2idHash.Of(password).ToString();
    }

    /// <summary>Verifies a password against a stored hash; against none at the same cost and always in vain.</summary>
    public PasswordVerdict Verify(string? storedHash, string password)
    {
        // One computation on every path: who is unknown, has no password or may not sign in costs what a wrong password costs.
        computations.Add(1);

        if (storedHash is not null && Argon2idHash.TryParse(storedHash, out var argon2id))
        {
            return Verdict(argon2id.Matches(password), argon2id.IsOutdated);
        }

        if (storedHash is not null && BcryptHash.TryParse(storedHash, out var bcrypt))
        {
            // A match of the first 72 bytes must not make a mistyped 73rd part of the password.
            return Verdict(bcrypt.Matches(password), outdated: BcryptHash.Covers(password));
        }

        if (storedHash is not null && IsIdentityVersion3(storedHash))
        {
            var result = identity.VerifyHashedPassword(Nobody, storedHash, password);
            return Verdict(result != PasswordVerificationResult.Failed, outdated: true);
        }

        _ = decoy.Matches(password);
        return PasswordVerdict.Wrong;
    }

    /// <summary>Whether this is text that a program wrote as a hash, well-formed or not, and no person's password.</summary>
    public static bool LooksLikeHash(string text) => Argon2idHash.LooksLike(text) || BcryptHash.LooksLike(text);

    /// <summary>Whether this server can verify passwords against this stored hash.</summary>
    public static bool CanVerify(string storedHash) =>
        Argon2idHash.TryParse(storedHash, out _) || BcryptHash.TryParse(storedHash, out _) || IsIdentityVersion3(storedHash);

    string IPasswordHasher<User>.HashPassword(User user, string password) => Hash(password);

    PasswordVerificationResult IPasswordHasher<User>.VerifyHashedPassword(User user, string hashedPassword, string providedPassword) =>
        Verify(hashedPassword, providedPassword) switch
        {
            PasswordVerdict.Right => PasswordVerificationResult.Success,
            PasswordVerdict.RightButOutdated => PasswordVerificationResult.SuccessRehashNeeded,
            _ => PasswordVerificationResult.Failed,
        };

    private static PasswordVerdict Verdict(bool matches, bool outdated) => (matches, outdated) switch
    {
        (true, true) => PasswordVerdict.RightButOutdated,
        (true, false) => PasswordVerdict.Right,
        _ => PasswordVerdict.Wrong,
    };

    // Base64 of: 0x01, PRF, iteration count, salt length (big-endian, four bytes each), salt, subkey.
    private static bool IsIdentityVersion3(string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        return text.Length <= 256
            && Convert.TryFromBase64String(text, bytes, out var written)
            && written is > 13 and <= 256
            && bytes[0] == 0x01
            && BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]) is > 0 and <= MaximumIterations;
    }
}

/// <summary>What verifying a password found.</summary>
internal enum PasswordVerdict
{
    Wrong,
    Right,

    /// <summary>Right, and the stored hash should be replaced by one made today.</summary>
    RightButOutdated,
}
