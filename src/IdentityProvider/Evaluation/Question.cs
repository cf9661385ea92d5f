using System.Text.Json;
using IdentityProvider.Policies;

namespace IdentityProvider.Evaluation;

/// <summary>May this subject do that to this resource (AuthZEN §5)?</summary>
/// <param name="Context">Undefined where there is none.</param>
internal sealed record Question(AskedSubject Subject, ActionFacts Action, ResourceFacts Resource, JsonElement Context);

/// <summary>The subject as the caller names it. Whatever it says of itself in its properties never stands for what this server knows.</summary>
/// <param name="Type"><c>user</c> or <c>client</c>; nobody is of another type.</param>
internal sealed record AskedSubject(string Type, string Id, JsonElement Properties)
{
    public const string User = "user";
    public const string Client = "client";
}

/// <summary>When the rest of the questions need no answer (AuthZEN §7.1.2.1).</summary>
internal enum Semantic
{
    ExecuteAll,
    DenyOnFirstDeny,
    PermitOnFirstPermit,
}

/// <summary>What a request asks for.</summary>
internal abstract record Asked
{
    private Asked()
    {
    }

    /// <param name="AreOne">Whether one decision is the answer, and not a list of them.</param>
    public sealed record Decisions(IReadOnlyList<Question> Questions, Semantic Semantic, bool AreOne) : Asked;

    /// <param name="Question">Of which the action is what is looked for.</param>
    /// <param name="Token">Where the page before ended; null for the first one.</param>
    public sealed record Actions(Question Question, int Limit, string? Token, JsonElement Body) : Asked;

    /// <summary>Not a request of this API.</summary>
    public sealed record Malformed(string Sentence) : Asked;
}
