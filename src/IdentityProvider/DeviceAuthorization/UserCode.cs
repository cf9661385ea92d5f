using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>
/// The code a person reads off one screen and types on another (RFC 8628 §6.1): consonants only, so that it spells no word
/// and nothing looks like a digit. Eight of twenty letters are 34 bits; what protects them is that guesses are counted (§5.1).
/// </summary>
internal readonly record struct UserCode
{
    private const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";
    private const int Length = 8;

    // Longer than anybody types, however they space it.
    private const int LongestInput = 64;

    private readonly string letters;

    private UserCode(string letters) => this.letters = letters;

    /// <summary>As it is shown: two groups of four.</summary>
    public string Shown => $"{letters[..4]}-{letters[4..]}";

    public byte[] Hash => SHA256.HashData(Encoding.ASCII.GetBytes(letters));

    public static UserCode New() => new(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>Reads what was typed, in any case and with any dashes, dots or spaces; null when it cannot be a code.</summary>
    public static UserCode? Parse(string? typed)
    {
        if (typed is null || typed.Length > LongestInput)
        {
            return null;
        }

        var letters = string.Concat(typed.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return letters.Length == Length && letters.All(letter => Alphabet.Contains(letter, StringComparison.Ordinal)) ? new UserCode(letters) : null;
    }

    public override string ToString() => Shown;
}
