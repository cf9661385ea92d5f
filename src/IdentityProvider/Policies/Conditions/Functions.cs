using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace IdentityProvider.Policies.Conditions;

/// <summary>Functions and methods (CEL, Standard Definitions, and of its extensions <c>lowerAscii</c> and networks). No regular expressions: they take as long as they like.</summary>
internal static class Functions
{
    private const int CharactersPerStep = 64;

    /// <summary>Characters of a text that is read as something else.</summary>
    public const int LongestRead = 64;

    /// <summary><c>f(a)</c></summary>
    public static FrozenDictionary<string, Overload[]> Global { get; } = new Dictionary<string, Overload[]>(StringComparer.Ordinal)
    {
        ["size"] = Size(),
        ["int"] =
        [
            new([Kind.Int], Kind.Int, (a, _, _) => a),
            new([Kind.Double], Kind.Int, (a, _, _) => Whole((double)a!)),
            Reading(Kind.Int, text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : new Fault("int() of a text that is no whole number.")),
            new([Kind.Timestamp], Kind.Int, (a, _, _) => new DateTimeOffset((DateTime)a!).ToUnixTimeSeconds()),
        ],
        ["double"] =
        [
            new([Kind.Double], Kind.Double, (a, _, _) => a),
            new([Kind.Int], Kind.Double, (a, _, _) => (double)(long)a!),
            Reading(Kind.Double, text =>
                double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number)
                    ? number
                    : new Fault("double() of a text that is no number.")),
        ],
        ["string"] =
        [
            new([Kind.String], Kind.String, (a, _, _) => a),
            new([Kind.Int], Kind.String, (a, _, _) => ((long)a!).ToString(CultureInfo.InvariantCulture)),
            new([Kind.Bool], Kind.String, (a, _, _) => (bool)a! ? "true" : "false"),
        ],
        ["cidr"] = [Addresses.Network],
        ["timestamp"] =
        [
            new([Kind.Timestamp], Kind.Timestamp, (a, _, _) => a),
            Reading(Kind.Timestamp, text => (object?)TimeTexts.Timestamp(text)
                ?? new Fault("timestamp() of a text that is no time as in RFC 3339, such as 2030-01-31T18:00:00Z.")),
        ],
        ["duration"] =
        [
            new([Kind.Duration], Kind.Duration, (a, _, _) => a),
            Reading(Kind.Duration, text => (object?)TimeTexts.Duration(text)
                ?? new Fault("duration() of a text that is no duration, such as 90s, 15m or 1h30m.")),
        ],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary><c>a.f()</c> and <c>a.f(b)</c>; a is the first argument.</summary>
    public static FrozenDictionary<string, Overload[]> Methods { get; } = new Dictionary<string, Overload[]>(StringComparer.Ordinal)
    {
        ["size"] = Size(),
        ["contains"] = [Search((text, part) => text.Contains(part, StringComparison.Ordinal))],
        ["startsWith"] = [Search((text, part) => text.StartsWith(part, StringComparison.Ordinal))],
        ["endsWith"] = [Search((text, part) => text.EndsWith(part, StringComparison.Ordinal))],
        ["containsIP"] = [Addresses.Contains],
        ["lowerAscii"] = [new([Kind.String], Kind.String, (a, _, evaluation) => Affords((string)a!, 0, evaluation) ? LowerAscii((string)a!) : Fault.Spent)],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Whatever is longer is no number, time, duration, network or address, and is not looked at to the end.
    private static Overload Reading(Kind result, Func<string, object?> read) => new(
        [Kind.String], result, (a, _, _) => read(((string)a!).Length > LongestRead ? "" : (string)a!));

    private static Overload[] Size() =>
    [
        new([Kind.String], Kind.Int, (a, _, evaluation) => Affords((string)a!, 0, evaluation) ? (long)((string)a!).EnumerateRunes().Count() : Fault.Spent),
        new([Kind.List], Kind.Int, (a, _, _) => (long)((IReadOnlyList<object?>)a!).Count),
        new([Kind.Map], Kind.Int, (a, _, _) => (long)((JsonElement)a!).GetPropertyCount()),
    ];

    // At worst the part is compared at every place of the text.
    private static Overload Search(Func<string, string, bool> holds) => new(
        [Kind.String, Kind.String], Kind.Bool,
        (a, b, evaluation) => Affords((string)a!, ((string)b!).Length, evaluation) ? Values.Of(holds((string)a!, (string)b)) : Fault.Spent);

    private static string LowerAscii(string text) => string.Create(text.Length, text, static (lower, text) =>
    {
        for (var index = 0; index < text.Length; index++)
        {
            lower[index] = char.IsAsciiLetterUpper(text[index]) ? (char)(text[index] | ' ') : text[index];
        }
    });

    private static bool Affords(string text, int other, Evaluation evaluation) =>
        evaluation.Spend((int)Math.Min((long)(1 + (text.Length / CharactersPerStep)) * (1 + (other / CharactersPerStep)), int.MaxValue));

    private static object Whole(double number) =>
        Math.Truncate(number) is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)number : new Fault("A number is too large.");
}
