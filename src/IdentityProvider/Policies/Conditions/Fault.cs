namespace IdentityProvider.Policies.Conditions;

/// <summary>
/// The value of a term that has none. It goes up through the terms like any other value, so that nothing is thrown.
/// It names what the policy's author wrote and kinds of values, never a value that a caller sent.
/// </summary>
internal sealed record Fault(string Sentence)
{
    public static Fault Spent { get; } = new($"The condition takes more than {Evaluation.Budget} steps.");
}
