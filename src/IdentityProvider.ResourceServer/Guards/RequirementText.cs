namespace IdentityProvider.ResourceServer;

/// <summary>Words that requirements name.</summary>
internal static class RequirementText
{
    /// <summary>RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ). It can stand in a header between quotes as it is.</summary>
    public static bool IsToken(string? text) =>
        text is { Length: > 0 }
        && text.All(character => character is '\x21' or (>= '\x23' and <= '\x5B') or (>= '\x5D' and <= '\x7E'));

    /// <exception cref="ArgumentException">There is none, or one has a space, a quote, a backslash or something that is not ASCII in it.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> words, string what)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Count == 0 || words.Any(word => !IsToken(word)))
        {
            throw new ArgumentException($"Name at least one {what}, each without spaces, quotes or backslashes.", nameof(words));
        }

        return words;
    }
}
