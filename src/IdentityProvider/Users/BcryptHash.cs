using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace IdentityProvider.Users;

/// <summary>A password hash by bcrypt (<c>$2a$</c>, <c>$2b$</c>, <c>$2y$</c>), brought along from other software. Never made here.</summary>
internal sealed record BcryptHash(string Text)
{
    // Everything after the 72nd byte of a password is ignored by the algorithm.
    private const int SignificantBytes = 72;
    private const int MaximumCost = 16;

    /// <summary>Whether a match says something about every byte of this password.</summary>
    public static bool Covers(string password) => Encoding.UTF8.GetByteCount(password) <= SignificantBytes;

    public bool Matches(string password) => BCrypt.Net.BCrypt.Verify(password, Text);

    public static bool LooksLike(string text) => text is ['$', '2', _, '$', ..];

    public static bool TryParse(string text, [NotNullWhen(true)] out BcryptHash? hash)
    {
        hash = text is ['$', '2', 'a' or 'b' or 'y', '$', _, _, '$', .. { Length: 53 } saltAndHash]
            && int.TryParse(text.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var cost)
            && cost is >= 4 and <= MaximumCost
            && saltAndHash.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '/')
                ? new(text)
                : null;
        return hash is not null;
    }
}
