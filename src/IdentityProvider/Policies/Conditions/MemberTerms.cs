using System.Text.Json;

namespace IdentityProvider.Policies.Conditions;

/// <summary><c>a.b</c> and <c>a["b"]</c></summary>
internal sealed class Selection(Term target, string member) : Term(Kind.Any, target)
{
    private Fault? missing;

    /// <summary>Whether there is such a member, for <c>has(a.b)</c>.</summary>
    public object? Exists(Evaluation evaluation) => target.Evaluate(evaluation) switch
    {
        JsonElement map => Values.HasMember(map, member, evaluation),
        var other => None(other),
    };

    protected override object? Compute(Evaluation evaluation) => target.Evaluate(evaluation) switch
    {
        JsonElement map => Values.Member(map, member, evaluation, missing ??= new Fault($"There is no {Text}.")),
        var other => None(other),
    };

    private Fault None(object? other) => other as Fault ?? new Fault($"{target.Text} is a {Values.Name(Values.KindOf(other))} and has no members.");
}

/// <summary><c>has(a.b)</c></summary>
internal sealed class Presence(Selection selection) : Term(Kind.Bool, selection)
{
    protected override object? Compute(Evaluation evaluation) => selection.Exists(evaluation);
}

/// <summary><c>a[b]</c> where b is no text that stands in the condition.</summary>
internal sealed class Item(Term target, Term key) : Term(Kind.Any, target, key)
{
    protected override object? Compute(Evaluation evaluation) => (target.Evaluate(evaluation), key.Evaluate(evaluation)) switch
    {
        (Fault fault, _) => fault,
        (_, Fault fault) => fault,
        (IReadOnlyList<object?> list, long index) => index >= 0 && index < list.Count ? list[(int)index] : new Fault($"There is no {Text}."),
        (JsonElement map, string name) => Values.Member(map, name, evaluation, new Fault($"There is no {Text}.")),
        var (list, index) => new Fault(
            $"{Text}: a {Values.Name(Values.KindOf(list))} has no items by {Values.Name(Values.KindOf(index))}."),
    };
}

/// <summary>
/// <c>a == b</c> and <c>a != b</c>. Values of two kinds are not compared (CEL would call them different), and null only with a null that stands in the
/// condition: two attributes that are both null have nothing in common.
/// </summary>
internal sealed class Equality(Term one, Term other, bool isNegated) : Term(Kind.Bool, one, other)
{
    private readonly bool asksForNull = one.Kind == Kind.Null || other.Kind == Kind.Null;

    protected override object? Compute(Evaluation evaluation)
    {
        var (a, b) = (one.Evaluate(evaluation), other.Evaluate(evaluation));
        if ((a as Fault ?? b as Fault) is { } fault)
        {
            return fault;
        }

        if (asksForNull)
        {
            return Values.Of((a is null && b is null) != isNegated);
        }

        return a is not null && Values.AreEqual(a, b) is { } same
            ? Values.Of(same != isNegated)
            : new Fault($"{Text}: a {Values.Name(Values.KindOf(a))} and a {Values.Name(Values.KindOf(b))} cannot be compared.");
    }
}

/// <summary><c>a in b</c>: an item of a list, or the name of a member of a map.</summary>
internal sealed class Membership(Term item, Term container) : Term(Kind.Bool, item, container)
{
    protected override object? Compute(Evaluation evaluation) => (item.Evaluate(evaluation), container.Evaluate(evaluation)) switch
    {
        (Fault fault, _) => fault,
        (_, Fault fault) => fault,
        ({ } value, IReadOnlyList<object?> list) => Find(value, list, evaluation),
        (string name, JsonElement map) => Values.HasMember(map, name, evaluation),
        var (value, other) => new Fault($"{Text}: a {Values.Name(Values.KindOf(value))} is not looked for in a {Values.Name(Values.KindOf(other))}."),
    };

    private object Find(object value, IReadOnlyList<object?> list, Evaluation evaluation)
    {
        if (!evaluation.Spend(list.Count))
        {
            return Fault.Spent;
        }

        // The lists of this server: hundreds of names, which many policies look through for each question.
        if (value is string name && list is string[] names)
        {
            return Values.Of(Array.IndexOf(names, name) >= 0);
        }

        object? stranger = null;
        foreach (var candidate in list)
        {
            switch (Values.AreEqual(value, candidate))
            {
                case true:
                    return Values.Of(true);
                case null:
                    stranger = Values.Name(Values.KindOf(candidate));
                    break;
            }
        }

        return stranger is null
            ? Values.Of(false)
            : new Fault($"{Text}: a {Values.Name(Values.KindOf(value))} cannot be compared with the {stranger} in the list.");
    }
}
