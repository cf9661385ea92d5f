using System.Security.Cryptography;

namespace IdentityProvider.Audit;

/// <summary>
/// The name of a record as people read it: eight characters of Crockford's base32, 40 random bits, written <c>ABCD-EFGH</c>.
/// Random and not counted up, so that one tells nothing of how many there are; it opens nothing, so that it may be sent by mail.
/// </summary>
internal static class DecisionReference
{
    public const int Length = 8;

    // No I, L, O and U: what looks like another character, and what makes words.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    public static string Show(string reference) => reference[..4] + "-" + reference[4..];

    /// <summary>What somebody typed: in any case, with or without spaces and dashes, with O for 0 and I or L for 1. Null when it cannot be one.</summary>
    public static string? Parse(string? typed)
    {
        if (typed is null)
        {
            return null;
        }

        Span<char> reference = stackalloc char[Length];
        var length = 0;
        foreach (var character in typed)
        {
            if (character is ' ' or '-')
            {
                continue;
            }

            var read = char.ToUpperInvariant(character) switch { 'O' => '0', 'I' or 'L' => '1', var other => other };
            if (length == Length || !Alphabet.Contains(read, StringComparison.Ordinal))
            {
                return null;
            }

            reference[length++] = read;
        }

        return length == Length ? new string(reference) : null;
    }
}
