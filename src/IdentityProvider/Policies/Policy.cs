using IdentityProvider.Policies.Conditions;

namespace IdentityProvider.Policies;

/// <summary>What a policy does when its condition holds.</summary>
internal enum PolicyEffect
{
    /// <summary>Permits, as a permission would.</summary>
    Permit,

    /// <summary>Denies, whatever permits.</summary>
    Forbid,
}

/// <summary>A policy as it is written.</summary>
/// <param name="Actions">Names of the actions it is about; null for all.</param>
/// <param name="ResourceTypes">Types of the resources it is about; null for all.</param>
internal sealed record PolicyDefinition(
    string Name, string? Description, PolicyEffect Effect, IReadOnlySet<string>? Actions, IReadOnlySet<string>? ResourceTypes, string Condition);

/// <summary>A policy that is ready to decide. One whose condition this program does not understand is not passed over: it fails each time.</summary>
internal sealed class Policy
{
    private readonly Condition? condition;
    private readonly string? problem;

    public Policy(PolicyDefinition definition)
    {
        Definition = definition;
        condition = Condition.Read(definition.Condition, out problem);
    }

    public PolicyDefinition Definition { get; }

    /// <summary>Whether it is about such a question.</summary>
    /// <param name="actions">All names of the action that is asked about.</param>
    public bool IsAbout(ReadOnlySpan<string> actions, string resourceType)
    {
        if (Definition.ResourceTypes is { } types && !types.Contains(resourceType))
        {
            return false;
        }

        if (Definition.Actions is not { } named)
        {
            return true;
        }

        foreach (var action in actions)
        {
            if (named.Contains(action))
            {
                return true;
            }
        }

        return false;
    }

    public ConditionOutcome Evaluate(EvaluationFacts facts) => condition?.Evaluate(facts) ?? new ConditionOutcome(false, problem);
}
