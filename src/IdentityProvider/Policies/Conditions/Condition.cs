namespace IdentityProvider.Policies.Conditions;

/// <summary>Whether a condition holds.</summary>
/// <param name="Error">Why that cannot be said, as a sentence; null when it can.</param>
internal readonly record struct ConditionOutcome(bool Holds, string? Error);

/// <summary>
/// A condition that is ready to be evaluated, by any number of threads: an expression of the Common Expression Language (cel.dev) that gives a bool.
/// What is accepted is a part of that language: what has a value here has the same in CEL, and much that has a doubtful value there has none here.
/// </summary>
internal sealed class Condition
{
    public const int Longest = 4096;

    private readonly Term term;
    private readonly int variables;

    private Condition(Term term, int variables) => (this.term, this.variables) = (term, variables);

    /// <summary>Reads a condition.</summary>
    /// <param name="problem">Why it is none, as a sentence; null when it is one.</param>
    public static Condition? Read(string text, out string? problem)
    {
        try
        {
            if (text.Length > Longest)
            {
                throw new ConditionRefusedException(Longest, $"A condition has at most {Longest} characters.");
            }

            var parser = new ConditionParser(text);
            var term = parser.Read();
            problem = null;
            return new Condition(term, parser.Variables);
        }
        catch (ConditionRefusedException exception)
        {
            problem = $"At character {exception.Position + 1}: {exception.Message}";
            return null;
        }
    }

    public ConditionOutcome Evaluate(EvaluationFacts facts)
    {
        var evaluation = new Evaluation(facts, variables);
        try
        {
            return term.Evaluate(evaluation) switch
            {
                bool holds => new ConditionOutcome(holds, null),
                Fault fault => new ConditionOutcome(false, fault.Sentence),
                var other => new ConditionOutcome(false, $"The condition gives a {Values.Name(Values.KindOf(other))} and not a bool."),
            };
        }
        catch (InvalidOperationException)
        {
            // A JsonElement reads its texts when they are asked for, and only then sees half a character in one.
            return new ConditionOutcome(false, "A text is not Unicode.");
        }
        finally
        {
            evaluation.Settle();
        }
    }
}
