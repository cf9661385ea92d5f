using System.Text;
using IdentityProvider.Permissions;
using IdentityProvider.Policies;

namespace IdentityProvider.Evaluation;

/// <summary>The answer to one question, and why. Pure.</summary>
/// <param name="Reason">For whoever runs the API: by which role, group or policy, or what is missing.</param>
/// <param name="UserReason">For the subject; null where it may.</param>
internal readonly record struct AccessDecision(bool IsPermitted, string Reason, string? UserReason)
{
    private const string Denial = "You may not do this.";

    /// <summary>
    /// Denied unless a permission or a policy of the API permits it and no policy of the API forbids it. Somebody who is nobody here, or may not sign in,
    /// is denied in the words for somebody without the permission: nobody shall find out by asking who exists.
    /// </summary>
    public static AccessDecision On(Question question, EvaluatedSubject subject, EvaluatedApi api)
    {
        var permission = PermissionOf(question, api.Grants);
        var verdict = api.Policies.IsEmpty ? PolicyVerdict.None : api.Policies.Decide(new EvaluationFacts(
            new SubjectFacts(question.Subject.Type, question.Subject.Id, question.Subject.Properties, subject.Access.Roles, subject.Access.Groups, subject.Access.Permissions),
            question.Action, question.Resource, question.Context, api.Now) { Allowance = api.Allowance });
        if (verdict.IsForbidden)
        {
            var forbidding = verdict.Forbidding[0];
            return Denied(Forbids(forbidding), forbidding.Error is null ? forbidding.Description : null);
        }

        if (permission is not null && subject.GroundOf(permission) is { } ground)
        {
            return new AccessDecision(true, $"The subject has the permission {permission} {ground}.", null);
        }

        return verdict.IsPermitted && subject.IsKnown
            ? new AccessDecision(true, verdict.Permitting[0] is { Description: { Length: > 0 } why } policy
                ? $"The policy {policy.Name} permits it: {why}" : $"The policy {verdict.Permitting[0].Name} permits it.", null)
            : Denied(Lacks(question, permission, verdict), null);
    }

    // An action is called as the permission is, or as it is called beside the type of what it is done to.
    private static string? PermissionOf(Question question, ResourceGrants? grants) =>
        grants is null ? null
        : grants.Owns(question.Action.Name) ? question.Action.Name
        : Qualified(question) is var qualified && grants.Owns(qualified) ? qualified
        : null;

    private static string Qualified(Question question) => $"{question.Resource.Type}.{question.Action.Name}";

    private static AccessDecision Denied(string reason, string? userReason) => new(false, reason, userReason is { Length: > 0 } ? userReason : Denial);

    private static string Forbids(DecidingPolicy policy) => policy switch
    {
        { Error: { } error } => $"The policy {policy.Name} forbids it, because it could not be evaluated: {error}",
        { Description: { Length: > 0 } why } => $"The policy {policy.Name} forbids it: {why}",
        _ => $"The policy {policy.Name} forbids it.",
    };

    private static string Lacks(Question question, string? permission, PolicyVerdict verdict)
    {
        var reason = new StringBuilder(
            question.Subject.Type is not (AskedSubject.User or AskedSubject.Client) ? "A subject must be of the type user or client."
            : permission is not null ? $"The subject does not have the permission {permission}."
            : PermissionRules.NameProblem(question.Action.Name) is null ? $"No permission of this API is named {question.Action.Name}, alone or after the type of the resource, and no policy permits it."
            : "No permission of this API has the name of this action, and no policy permits it.");
        foreach (var failed in verdict.Failed)
        {
            reason.Append($" The policy {failed.Name} could not be evaluated: {failed.Error}");
        }

        return reason.ToString();
    }
}
