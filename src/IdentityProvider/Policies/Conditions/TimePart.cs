using System.Collections.Frozen;

namespace IdentityProvider.Policies.Conditions;

/// <summary><c>now.getHours("Europe/Berlin")</c> and its like: a part of a time, in a time zone that stands in the condition.</summary>
internal sealed class TimePart(Term time, Func<DateTime, long> part, TimeZoneInfo zone) : Term(Kind.Int, time)
{
    /// <summary>By name (CEL, Standard Definitions): months and the days of a month, a week and a year count from 0, <c>getDate</c> from 1; Sunday is 0.</summary>
    public static FrozenDictionary<string, Func<DateTime, long>> Parts { get; } = new Dictionary<string, Func<DateTime, long>>(StringComparer.Ordinal)
    {
        ["getFullYear"] = static time => time.Year,
        ["getMonth"] = static time => time.Month - 1,
        ["getDate"] = static time => time.Day,
        ["getDayOfMonth"] = static time => time.Day - 1,
        ["getDayOfWeek"] = static time => (long)time.DayOfWeek,
        ["getDayOfYear"] = static time => time.DayOfYear - 1,
        ["getHours"] = static time => time.Hour,
        ["getMinutes"] = static time => time.Minute,
        ["getSeconds"] = static time => time.Second,
        ["getMilliseconds"] = static time => time.Millisecond,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    protected override object? Compute(Evaluation evaluation) => time.Evaluate(evaluation) switch
    {
        DateTime moment => part(TimeZoneInfo.ConvertTimeFromUtc(moment, zone)),
        Fault fault => fault,
        var other => new Fault($"{time.Text} is a {Values.Name(Values.KindOf(other))} and not a timestamp."),
    };
}
