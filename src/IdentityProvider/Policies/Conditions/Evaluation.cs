namespace IdentityProvider.Policies.Conditions;

/// <summary>One evaluation of a condition: what it reads, the variables of its macros, and how much it may still do.</summary>
/// <param name="variables">How many variables the condition has.</param>
internal sealed class Evaluation(EvaluationFacts facts, int variables)
{
    /// <summary>About a millisecond. An ordinary condition takes 20 steps; every term, every item of a list and every 64 characters of a text are one.</summary>
    public const int Budget = 10_000;

    private readonly int granted = Math.Min(Budget, facts.Allowance?.Left ?? Budget);
    private int used;

    public EvaluationFacts Facts => facts;

    /// <summary>Of terms that read nothing.</summary>
    public static Evaluation OfLiterals() => new(EvaluationFacts.Nothing, 0);

    public object?[] Variables { get; } = variables == 0 ? [] : new object?[variables];

    public bool IsSpent => used == granted;

    /// <summary>Takes what was used from what the request may use.</summary>
    public void Settle() => facts.Allowance?.Spend(used);

    /// <summary>Whether that much may still be done.</summary>
    public bool Spend(int steps)
    {
        if (steps > granted - used)
        {
            used = granted;
            return false;
        }

        used += steps;
        return true;
    }
}
