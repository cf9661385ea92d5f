using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace IdentityProvider.Policies.Conditions;

/// <summary>
/// What values are in memory: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, a <see cref="DateTime"/> in UTC,
/// <see cref="TimeSpan"/>, <see cref="IPNetwork"/>, a read-only list of values, the <see cref="JsonElement"/> of an object, or a <see cref="Fault"/>.
/// </summary>
internal static class Values
{
    private const int CharactersPerStep = 64;

    private static readonly object yes = true;
    private static readonly object no = false;

    public static object Of(bool value) => value ? yes : no;

    public static Kind KindOf(object? value) => value switch
    {
        null => Kind.Null,
        bool => Kind.Bool,
        long => Kind.Int,
        double => Kind.Double,
        string => Kind.String,
        DateTime => Kind.Timestamp,
        TimeSpan => Kind.Duration,
        IPNetwork => Kind.Network,
        IReadOnlyList<object?> => Kind.List,
        JsonElement => Kind.Map,
        _ => Kind.Any,
    };

    public static string Name(Kind kind) => kind switch
    {
        Kind.Any => "value",
        Kind.Null => "null",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>What a caller sent, as a value. Objects are read where a condition looks into them.</summary>
    public static object? From(JsonElement json, Evaluation evaluation)
    {
        if (!evaluation.Spend(1))
        {
            return Fault.Spent;
        }

        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return evaluation.Spend(JsonMarshal.GetRawUtf8Value(json).Length / CharactersPerStep) ? json.GetString() : Fault.Spent;
            case JsonValueKind.Number:
                return Number(json);
            case JsonValueKind.True:
                return yes;
            case JsonValueKind.False:
                return no;
            case JsonValueKind.Array:
                return List(json, evaluation);
            case JsonValueKind.Object:
                return json;
            default:
                return null;
        }
    }

    /// <summary>The member of an object.</summary>
    /// <param name="otherwise">What to answer where it has none.</param>
    public static object? Member(JsonElement map, string name, Evaluation evaluation, Fault otherwise) =>
        !IsAffordable(map, evaluation) ? Fault.Spent
        : map.TryGetProperty(name, out var value) ? From(value, evaluation)
        : otherwise;

    public static object HasMember(JsonElement map, string name, Evaluation evaluation) =>
        IsAffordable(map, evaluation) ? Of(map.TryGetProperty(name, out _)) : Fault.Spent;

    /// <summary>Whether two values are the same; null when these kinds cannot be. Numbers of both kinds are compared as numbers.</summary>
    public static bool? AreEqual(object? one, object? other) => (one, other) switch
    {
        (null, null) => true,
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (bool a, bool b) => a == b,
        (DateTime a, DateTime b) => a == b,
        (TimeSpan a, TimeSpan b) => a == b,
        (long or double, long or double) => Compare(one, other) == 0,
        _ => null,
    };

    /// <summary>The order of two values; null when these kinds have none. Texts have none: that of "10" and "9" is nobody's intention.</summary>
    public static int? Compare(object? one, object? other) => (one, other) switch
    {
        (long a, long b) => a.CompareTo(b),
        (double a, double b) => a.CompareTo(b),
        (long a, double b) => Compare(a, b),
        (double a, long b) => -Compare(b, a),
        (DateTime a, DateTime b) => a.CompareTo(b),
        (TimeSpan a, TimeSpan b) => a.CompareTo(b),
        _ => null,
    };

    // Exactly: a double cannot hold every whole number beyond 2^53.
    private static int Compare(long whole, double number) => number switch
    {
        >= 9223372036854775808.0 => -1,
        < -9223372036854775808.0 => 1,
        _ when whole != (long)number => whole.CompareTo((long)number),
        _ => 0.0.CompareTo(number - Math.Truncate(number)),
    };

    // A number that would be rounded may be the name of something else: 18446744073709551617 is not 18446744073709551616.
    private static object Number(JsonElement json)
    {
        if (json.TryGetInt64(out var whole))
        {
            return whole;
        }

        return JsonMarshal.GetRawUtf8Value(json).ContainsAny((byte)'.', (byte)'e', (byte)'E') && json.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : new Fault("A number is too large.");
    }

    private static object List(JsonElement json, Evaluation evaluation)
    {
        var length = json.GetArrayLength();
        if (!evaluation.Spend(length))
        {
            return Fault.Spent;
        }

        var items = new object?[length];
        var next = 0;
        foreach (var item in json.EnumerateArray())
        {
            if ((items[next++] = From(item, evaluation)) is Fault fault)
            {
                return fault;
            }
        }

        return items;
    }

    // Looking for a member passes over the others.
    private static bool IsAffordable(JsonElement map, Evaluation evaluation) => evaluation.Spend(1 + (map.GetPropertyCount() / 8));
}
