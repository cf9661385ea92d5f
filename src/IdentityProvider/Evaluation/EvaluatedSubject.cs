using IdentityProvider.Permissions;
using IdentityProvider.Policies;

namespace IdentityProvider.Evaluation;

/// <summary>What the questions of one request are decided by, all of them at one moment.</summary>
/// <param name="Grants">Null when the API owns no permissions.</param>
/// <param name="Now">UTC.</param>
internal sealed record EvaluatedApi(string Resource, AccessModel Model, ResourceGrants? Grants, ApiPolicies Policies, DateTime Now)
{
    /// <summary>What the policies may cost in this request.</summary>
    public EvaluationAllowance Allowance { get; } = new(EvaluationAllowance.OfRequest);
}

/// <summary>Somebody as they stand at the API that asks.</summary>
/// <param name="held">Null for nobody.</param>
internal sealed class EvaluatedSubject(HeldAccess? held, EvaluatedApi api)
{
    private EffectiveAccess? access;

    /// <summary>Whether there is somebody, who may sign in.</summary>
    public bool IsKnown => held is not null;

    /// <summary>Everything they have; made only when somebody asks.</summary>
    public EffectiveAccess Access => access ??= held is null ? EffectiveAccess.None : EffectiveAccess.At(api.Resource, api.Model, held);

    public PermissionGround? GroundOf(string permission) =>
        held is null || api.Grants is null || access?.Permissions.Contains(permission) == false
            ? null
            : PermissionGround.Find(api.Grants, permission, api.Model, held);
}
