namespace IdentityProvider.Policies.Conditions;

/// <summary>What an operator or a function does with arguments of certain kinds. The same table says what is refused when a condition is saved, and what is done.</summary>
/// <param name="Apply">Takes one or two arguments; of one the second is null. Gives a value or a <see cref="Fault"/>.</param>
internal sealed record Overload(Kind[] Parameters, Kind Result, Func<object?, object?, Evaluation, object?> Apply)
{
    /// <summary>Whether arguments of which only that is known may be for this one.</summary>
    public bool Suits(IReadOnlyList<Term> arguments)
    {
        if (arguments.Count != Parameters.Length)
        {
            return false;
        }

        for (var index = 0; index < Parameters.Length; index++)
        {
            if (!Fits(arguments[index].Kind, Parameters[index]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether these values are for this one.</summary>
    public bool Takes(Kind one, Kind other) => Is(one, Parameters[0]) && (Parameters.Length == 1 || Is(other, Parameters[1]));

    private static bool Fits(Kind known, Kind wanted) => known == Kind.Any || wanted == Kind.Any || known == wanted;

    private static bool Is(Kind actual, Kind wanted) => wanted == Kind.Any || actual == wanted;
}

/// <summary>An operator or a function at work.</summary>
/// <param name="overloads">Those that may suit, at least one.</param>
internal sealed class Call(string name, Overload[] overloads, Term[] arguments) : Term(KindOf(overloads), arguments)
{
    protected override object? Compute(Evaluation evaluation)
    {
        var one = arguments[0].Evaluate(evaluation);
        var other = arguments.Length > 1 ? arguments[1].Evaluate(evaluation) : null;
        if ((one as Fault ?? other as Fault) is { } fault)
        {
            return fault;
        }

        var (kind, otherKind) = (Values.KindOf(one), Values.KindOf(other));
        foreach (var overload in overloads)
        {
            if (overload.Takes(kind, otherKind))
            {
                return overload.Apply(one, other, evaluation);
            }
        }

        return new Fault(arguments.Length > 1
            ? $"{Text}: there is no {name} of a {Values.Name(kind)} and a {Values.Name(otherKind)}."
            : $"{Text}: there is no {name} of a {Values.Name(kind)}.");
    }

    private static Kind KindOf(Overload[] overloads) =>
        Array.TrueForAll(overloads, overload => overload.Result == overloads[0].Result) ? overloads[0].Result : Kind.Any;
}
