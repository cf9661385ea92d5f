using System.Collections.Frozen;

namespace IdentityProvider.Policies.Conditions;

/// <summary>The operators of numbers, texts and times (CEL, Standard Definitions). Results that cannot be held are faults.</summary>
internal static class Operators
{
    private const int CharactersPerStep = 64;

    public static FrozenDictionary<string, Overload[]> Binary { get; } = new Dictionary<string, Overload[]>(StringComparer.Ordinal)
    {
        ["+"] =
        [
            Int((a, b) => (Int128)a + b),
            Double((a, b) => a + b),
            new([Kind.String, Kind.String], Kind.String, (a, b, evaluation) =>
                evaluation.Spend((((string)a!).Length + ((string)b!).Length) / CharactersPerStep) ? (string)a + (string)b : Fault.Spent),
            new([Kind.Timestamp, Kind.Duration], Kind.Timestamp, (a, b, _) => Moment((Int128)((DateTime)a!).Ticks + ((TimeSpan)b!).Ticks)),
            new([Kind.Duration, Kind.Timestamp], Kind.Timestamp, (a, b, _) => Moment((Int128)((TimeSpan)a!).Ticks + ((DateTime)b!).Ticks)),
            new([Kind.Duration, Kind.Duration], Kind.Duration, (a, b, _) => Period((Int128)((TimeSpan)a!).Ticks + ((TimeSpan)b!).Ticks)),
        ],
        ["-"] =
        [
            Int((a, b) => (Int128)a - b),
            Double((a, b) => a - b),
            new([Kind.Timestamp, Kind.Timestamp], Kind.Duration, (a, b, _) => (DateTime)a! - (DateTime)b!),
            new([Kind.Timestamp, Kind.Duration], Kind.Timestamp, (a, b, _) => Moment((Int128)((DateTime)a!).Ticks - ((TimeSpan)b!).Ticks)),
            new([Kind.Duration, Kind.Duration], Kind.Duration, (a, b, _) => Period((Int128)((TimeSpan)a!).Ticks - ((TimeSpan)b!).Ticks)),
        ],
        ["*"] = [Int((a, b) => (Int128)a * b), Double((a, b) => a * b)],
        ["/"] =
        [
            new([Kind.Int, Kind.Int], Kind.Int, (a, b, _) => (long)b! == 0 ? ByZero : Whole((Int128)(long)a! / (long)b)),
            Double((a, b) => a / b),
        ],
        ["%"] = [new([Kind.Int, Kind.Int], Kind.Int, (a, b, _) => (long)b! == 0 ? ByZero : Whole((Int128)(long)a! % (long)b))],
        ["<"] = Order(order => order < 0),
        ["<="] = Order(order => order <= 0),
        [">"] = Order(order => order > 0),
        [">="] = Order(order => order >= 0),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Overload[] Not { get; } = [new([Kind.Bool], Kind.Bool, (a, _, _) => Values.Of(!(bool)a!))];

    public static Overload[] Negate { get; } =
    [
        new([Kind.Int], Kind.Int, (a, _, _) => Whole(-(Int128)(long)a!)),
        new([Kind.Double], Kind.Double, (a, _, _) => -(double)a!),
    ];

    private static Fault ByZero { get; } = new("Something is divided by zero.");

    private static Overload Int(Func<long, long, Int128> apply) =>
        new([Kind.Int, Kind.Int], Kind.Int, (a, b, _) => Whole(apply((long)a!, (long)b!)));

    private static Overload Double(Func<double, double, double> apply) =>
        new([Kind.Double, Kind.Double], Kind.Double, (a, b, _) => Finite(apply((double)a!, (double)b!)));

    private static Overload[] Order(Func<int, bool> holds)
    {
        return [Of(Kind.Int, Kind.Int), Of(Kind.Double, Kind.Double), Of(Kind.Int, Kind.Double), Of(Kind.Double, Kind.Int), Of(Kind.Timestamp, Kind.Timestamp), Of(Kind.Duration, Kind.Duration)];

        Overload Of(Kind one, Kind other) => new([one, other], Kind.Bool, (a, b, _) => Values.Of(holds(Values.Compare(a, b)!.Value)));
    }

    private static object Whole(Int128 number) =>
        number >= long.MinValue && number <= long.MaxValue ? (long)number : new Fault("A number is too large.");

    private static object Finite(double number) =>
        double.IsFinite(number) ? number : new Fault("The result is no number.");

    private static object Moment(Int128 ticks) =>
        ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime((long)ticks, DateTimeKind.Utc)
            : new Fault("A time is beyond the years 1 to 9999.");

    private static object Period(Int128 ticks) =>
        Int128.Abs(ticks) <= TimeTexts.LongestDuration ? TimeSpan.FromTicks((long)ticks) : new Fault("A duration is too long.");
}
