namespace IdentityProvider.Policies;

/// <summary>The policies of one API. Immutable.</summary>
internal sealed class ApiPolicies(IReadOnlyList<PolicyDefinition> definitions)
{
    private readonly Policy[] policies = [.. definitions.Select(definition => new Policy(definition))];

    public static ApiPolicies None { get; } = new([]);

    public bool IsEmpty => policies.Length == 0;

    /// <summary>What they say to one question. Never throws because of what is asked: what cannot be evaluated is in the verdict.</summary>
    public PolicyVerdict Decide(EvaluationFacts facts)
    {
        if (IsEmpty)
        {
            return PolicyVerdict.None;
        }

        var actions = NamesOf(facts.Action.Name, facts.Resource.Type);
        List<DecidingPolicy>? permitting = null, forbidding = null, failed = null;
        foreach (var policy in policies)
        {
            if (!policy.IsAbout(actions, facts.Resource.Type))
            {
                continue;
            }

            var (holds, error) = policy.Evaluate(facts);
            if (!holds && error is null)
            {
                continue;
            }

            var deciding = new DecidingPolicy(policy.Definition.Name, policy.Definition.Description, error);
            if (error is not null)
            {
                (failed ??= []).Add(deciding);
            }

            if (policy.Definition.Effect == PolicyEffect.Forbid)
            {
                (forbidding ??= []).Add(deciding);
            }
            else if (holds)
            {
                (permitting ??= []).Add(deciding);
            }
        }

        return permitting is null && forbidding is null && failed is null ? PolicyVerdict.None : new PolicyVerdict(permitting ?? [], forbidding ?? [], failed ?? []);
    }

    // "edit" of a "posts" and "posts.edit" are the same action: a policy that forbids one of them is not got round by asking for the other.
    private static string[] NamesOf(string action, string resourceType)
    {
        var prefix = $"{resourceType}.";
        return action.StartsWith(prefix, StringComparison.Ordinal) ? [action, action[prefix.Length..], prefix + action] : [action, prefix + action];
    }
}
