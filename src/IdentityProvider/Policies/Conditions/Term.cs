namespace IdentityProvider.Policies.Conditions;

/// <summary>A part of a condition that has a value.</summary>
/// <param name="kind">What is known of the value before there is one.</param>
/// <param name="parts">The terms that it is made of.</param>
internal abstract class Term(Kind kind, params ReadOnlySpan<Term> parts)
{
    public Kind Kind { get; } = kind;

    /// <summary>How many terms lie within each other: as deep is the recursion that evaluates them.</summary>
    public int Depth { get; } = 1 + Deepest(parts);

    /// <summary>What the author wrote, for whoever reads about a fault.</summary>
    public string Text { get; set; } = "";

    /// <summary>Its value, or a <see cref="Fault"/>. Does no more than the evaluation may still do.</summary>
    public object? Evaluate(Evaluation evaluation) => evaluation.Spend(1) ? Compute(evaluation) : Fault.Spent;

    protected abstract object? Compute(Evaluation evaluation);

    private static int Deepest(ReadOnlySpan<Term> parts)
    {
        var deepest = 0;
        foreach (var part in parts)
        {
            deepest = Math.Max(deepest, part.Depth);
        }

        return deepest;
    }
}

/// <summary>A value that stands in the condition.</summary>
internal sealed class Literal(object? value) : Term(Values.KindOf(value))
{
    public object? Value => value;

    protected override object? Compute(Evaluation evaluation) => value;
}

/// <summary>Something that a decision is made from: <c>subject.id</c>, <c>context</c>.</summary>
internal sealed class Fact(Kind kind, Func<Evaluation, object?> read) : Term(kind)
{
    protected override object? Compute(Evaluation evaluation) => read(evaluation);
}

/// <summary>The variable of a macro.</summary>
internal sealed class Variable(Kind kind, int slot) : Term(kind)
{
    protected override object? Compute(Evaluation evaluation) => evaluation.Variables[slot];
}

/// <summary><c>[a, b]</c></summary>
internal sealed class ListOf(Term[] items) : Term(Kind.List, items)
{
    protected override object? Compute(Evaluation evaluation)
    {
        var values = new object?[items.Length];
        for (var index = 0; index < items.Length; index++)
        {
            if ((values[index] = items[index].Evaluate(evaluation)) is Fault fault)
            {
                return fault;
            }
        }

        return values;
    }
}

/// <summary><c>a ? b : c</c></summary>
internal sealed class Choice(Term condition, Term yes, Term no) : Term(yes.Kind == no.Kind ? yes.Kind : Kind.Any, condition, yes, no)
{
    protected override object? Compute(Evaluation evaluation) => condition.Evaluate(evaluation) switch
    {
        true => yes.Evaluate(evaluation),
        false => no.Evaluate(evaluation),
        Fault fault => fault,
        var other => new Fault($"{condition.Text} is a {Values.Name(Values.KindOf(other))} and not a bool."),
    };
}

/// <summary>
/// <c>a &amp;&amp; b</c> and <c>a || b</c>, any number of them. One term that decides does so whatever becomes of the others, be they faults (CEL, Logical
/// Operators): what cannot be known does not matter then.
/// </summary>
/// <param name="decisive">The value of a term that decides: true for <c>||</c>.</param>
internal sealed class Junction(bool decisive, Term[] terms) : Term(Kind.Bool, terms)
{
    public bool Decisive => decisive;

    public IReadOnlyList<Term> Terms => terms;

    protected override object? Compute(Evaluation evaluation)
    {
        Fault? fault = null;
        foreach (var term in terms)
        {
            var value = term.Evaluate(evaluation);
            if (value is bool holds)
            {
                if (holds == decisive)
                {
                    return value;
                }
            }
            else
            {
                fault ??= value as Fault ?? new Fault($"{term.Text} is a {Values.Name(Values.KindOf(value))} and not a bool.");
            }
        }

        return fault ?? Values.Of(!decisive);
    }
}
