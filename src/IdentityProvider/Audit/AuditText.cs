namespace IdentityProvider.Audit;

/// <summary>
/// Makes a text that came from a request fit its column. Refusals record what strangers sent: too long, with control characters,
/// or with half a character, and one row that the database refuses would hold up all that follow.
/// </summary>
internal static class AuditText
{
    public const int Subject = 255;
    public const int ClientId = 100;
    public const int SessionId = 64;
    public const int RemoteAddress = 64;
    public const int Reason = 512;
    public const int TraceId = 32;

    public static string? Fit(string? text, int length)
    {
        if (text is null)
        {
            return null;
        }

        var end = Math.Min(text.Length, length);
        if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return IsClean(text.AsSpan(0, end)) ? text[..end] : string.Create(end, text, Replace);
    }

    private static bool IsClean(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsControl(character) || char.IsSurrogate(character))
            {
                return false;
            }
        }

        return true;
    }

    private static void Replace(Span<char> target, string text)
    {
        for (var i = 0; i < target.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < target.Length && char.IsLowSurrogate(text[i + 1]))
            {
                target[i] = text[i];
                target[i + 1] = text[++i];
            }
            else
            {
                target[i] = char.IsControl(text[i]) || char.IsSurrogate(text[i]) ? '?' : text[i];
            }
        }
    }
}
