namespace IdentityProvider.Policies;

/// <summary>
/// What the policies of an API say to one question. Neither permitted nor forbidden means that no policy decides it:
/// then only a permission that the subject has permits.
/// </summary>
/// <param name="Permitting">The permit policies whose conditions hold.</param>
/// <param name="Forbidding">The forbid policies whose conditions hold or cannot be evaluated: each of them denies, whatever permits.</param>
/// <param name="Failed">The policies of both effects whose conditions cannot be evaluated.</param>
internal sealed record PolicyVerdict(
    IReadOnlyList<DecidingPolicy> Permitting, IReadOnlyList<DecidingPolicy> Forbidding, IReadOnlyList<DecidingPolicy> Failed)
{
    public static PolicyVerdict None { get; } = new([], [], []);

    public bool IsForbidden => Forbidding.Count > 0;

    public bool IsPermitted => Permitting.Count > 0 && !IsForbidden;
}

/// <summary>A policy that had to do with an answer.</summary>
/// <param name="Description">Its purpose, in the words of whoever wrote it.</param>
/// <param name="Error">Why its condition cannot be evaluated, as a sentence; null when it holds.</param>
internal sealed record DecidingPolicy(string Name, string? Description, string? Error);
