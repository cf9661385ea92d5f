using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IdentityProvider.Audit;

/// <summary>What a rule compared: the value that came, those that would have been right, and the first character that differs.</summary>
internal sealed record Difference
{
    private const int LongestShown = 320;
    private const int LongestOther = 160;
    private const int MostOthers = 6;
    private const int BeforeIndex = 160;
    private const int LongestNote = 300;

    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read by people on a terminal; never part of a page's markup
    };

    /// <summary>The parameter or property.</summary>
    public required string What { get; init; }

    public string? Sent { get; init; }

    /// <summary>The right value that is most like the one sent, cut as that one is.</summary>
    public string? Nearest { get; init; }

    /// <summary>The first character that differs, counted from 0 in the whole values.</summary>
    public int? Index { get; init; }

    /// <summary>The same in the values as they are shown, which may have been cut in front.</summary>
    public int? Column { get; init; }

    /// <summary>The other right values, some of them.</summary>
    public IReadOnlyList<string>? Others { get; init; }

    /// <summary>How many right values there are.</summary>
    public int? Candidates { get; init; }

    public string? Note { get; init; }

    /// <summary>A value that had to be the same, character by character, as one of several.</summary>
    public static Difference Between(string what, string sent, IReadOnlyCollection<string> expected)
    {
        if (expected.Count == 0)
        {
            return new Difference { What = what, Sent = DecisionText.Safe(sent, LongestShown), Candidates = 0 };
        }

        var nearest = expected.MaxBy(candidate => Likeness(sent, candidate))!;
        var index = CommonStart(sent, nearest);
        var start = Math.Max(0, index - BeforeIndex);
        var shown = DecisionText.Printable(nearest[start..], LongestShown);
        return new Difference
        {
            What = what,
            Sent = Compared(sent[start..], index - start),
            Nearest = shown,
            Index = index,
            Column = index - start,
            Others = expected.Count == 1 ? null : [.. expected.Where(candidate => candidate != nearest).Take(MostOthers).Select(candidate => DecisionText.Printable(candidate, LongestOther))],
            Candidates = expected.Count,
        };
    }

    /// <summary>A value that had to be one of a set, where single characters tell nothing.</summary>
    public static Difference NotAmong(string what, string? sent, IEnumerable<string> expected)
    {
        var all = expected.ToList();
        return new Difference
        {
            What = what,
            Sent = sent is null ? null : DecisionText.Safe(sent, LongestShown),
            Others = [.. all.Take(MostOthers).Select(candidate => DecisionText.Printable(candidate, LongestOther))],
            Candidates = all.Count,
        };
    }

    /// <summary>What else there is to say, in our own words: never a value that came with the request.</summary>
    public static Difference Noted(string what, string note) => new() { What = what, Note = DecisionText.Printable(note, LongestNote) };

    public string ToJson() => JsonSerializer.Serialize(this, json);

    public static Difference? FromJson(string? text) => text is null ? null : JsonSerializer.Deserialize<Difference>(text, json);

    private static int Likeness(string one, string other)
    {
        var start = CommonStart(one, other);
        var most = Math.Min(one.Length, other.Length) - start;
        var end = 0;
        while (end < most && one[^(end + 1)] == other[^(end + 1)])
        {
            end++;
        }

        return start + end;
    }

    private static int CommonStart(string one, string other) => one.AsSpan().CommonPrefixLength(other);

    // Up to there it is what is registered, which is no secret.
    private static string Compared(string sent, int index) => DecisionText.Printable(sent[..index], index) + DecisionText.Safe(sent, LongestShown)[index..];
}
