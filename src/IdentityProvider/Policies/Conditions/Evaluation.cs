namespace IdentityProvider.Policies.Conditions;

/// <summary>One evaluation of a condition: what it reads, the variables of its macros, and how much it may still do.</summary>
/// <param name="variables">How many variables the condition has.</param>
internal sealed class Evaluation(EvaluationFacts facts, int variables)
{
    /// <summary>About a millisecond. An ordinary condition takes 20 steps; every term, every item of a list and every 64 characters of a text are one.</summary>
    public const int Budget = 10_000;

    private int left = Budget;

    public EvaluationFacts Facts => facts;

    /// <summary>Of terms that read nothing.</summary>
    public static Evaluation OfLiterals() => new(EvaluationFacts.Nothing, 0);

    public object?[] Variables { get; } = variables == 0 ? [] : new object?[variables];

    public bool IsSpent => left == 0;

    /// <summary>Whether that much may still be done.</summary>
    public bool Spend(int steps)
    {
        if (steps > left)
        {
            left = 0;
            return false;
        }

        left -= steps;
        return true;
    }
}
