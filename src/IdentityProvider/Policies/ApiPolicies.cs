namespace IdentityProvider.Policies;

/// <summary>The policies of one API. Immutable.</summary>
internal sealed class ApiPolicies
{
    public static ApiPolicies None { get; } = new();

    public bool IsEmpty => true;

    /// <summary>What they say to one question. Never throws because of what is asked: what cannot be evaluated is in the verdict.</summary>
    public PolicyVerdict Decide(EvaluationFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return PolicyVerdict.None;
    }
}
