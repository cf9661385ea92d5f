using System.Buffers;
using System.Globalization;

namespace IdentityProvider.Policies.Conditions;

/// <summary>Times and durations as they are written.</summary>
internal static class TimeTexts
{
    /// <summary>In ticks: 10,000 years of 365.25 days (CEL, Duration).</summary>
    public const long LongestDuration = 315_576_000_000 * TimeSpan.TicksPerSecond;

    // RFC 3339 §5.6, with what a DateTime can hold of a second.
    private static readonly string[] moments = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    private static readonly SearchValues<char> decimals = SearchValues.Create("0123456789.");

    private static readonly (string Name, long Ticks)[] units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
    ];

    /// <summary>In UTC; null when the text is no time.</summary>
    public static DateTime? Timestamp(string text) =>
        DateTimeOffset.TryParseExact(text, moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment.UtcDateTime : null;

    /// <summary><c>1h30m</c>, <c>-15m</c>, <c>1.5s</c>; null when the text is no duration.</summary>
    public static TimeSpan? Duration(string text)
    {
        var rest = text.AsSpan();
        var isNegative = rest is ['-', ..];
        rest = isNegative ? rest[1..] : rest;
        var ticks = 0m;
        do
        {
            var digits = rest.IndexOfAnyExcept(decimals);
            if (digits is < 1 or > 18 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            rest = rest[digits..];
            if (UnitAtStart(rest) is not { } unit)
            {
                return null;
            }

            rest = rest[unit.Name.Length..];
            ticks += number * unit.Ticks;
        }
        while (rest.Length > 0 && ticks <= LongestDuration);

        return ticks > LongestDuration ? null : TimeSpan.FromTicks((long)(isNegative ? -ticks : ticks));
    }

    private static (string Name, long Ticks)? UnitAtStart(ReadOnlySpan<char> text)
    {
        foreach (var unit in units)
        {
            if (text.StartsWith(unit.Name, StringComparison.Ordinal))
            {
                return unit;
            }
        }

        return null;
    }
}
