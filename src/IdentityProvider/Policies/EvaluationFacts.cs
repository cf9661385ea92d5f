using System.Text.Json;

namespace IdentityProvider.Policies;

/// <summary>
/// What a decision is made from (AuthZEN Authorization API 1.0 §5). An undefined <see cref="JsonElement"/> is an empty object.
/// Properties and context are the caller's word; the rest is what this server knows.
/// </summary>
/// <param name="Now">UTC, by this server's clock.</param>
internal sealed record EvaluationFacts(SubjectFacts Subject, ActionFacts Action, ResourceFacts Resource, JsonElement Context, DateTime Now)
{
    /// <summary>What all decisions of one request may cost together; null for as much as each may.</summary>
    public EvaluationAllowance? Allowance { get; init; }

    public static EvaluationFacts Nothing { get; } = new(
        new SubjectFacts("", "", default, [], [], []), new ActionFacts("", default), new ResourceFacts("", "", default), default, DateTime.UnixEpoch);
}

/// <summary>Who wants to do it.</summary>
/// <param name="Type"><c>user</c> or <c>client</c>.</param>
/// <param name="Roles">Names of the roles that grant the subject something at this API.</param>
/// <param name="Groups">Names of the groups that brought such a role.</param>
/// <param name="Permissions">Names of the permissions that the subject has at this API.</param>
internal sealed record SubjectFacts(
    string Type, string Id, JsonElement Properties, IReadOnlyList<string> Roles, IReadOnlyList<string> Groups, IReadOnlyList<string> Permissions);

/// <summary>What they want to do.</summary>
internal sealed record ActionFacts(string Name, JsonElement Properties);

/// <summary>What they want to do it to.</summary>
internal sealed record ResourceFacts(string Type, string Id, JsonElement Properties);
