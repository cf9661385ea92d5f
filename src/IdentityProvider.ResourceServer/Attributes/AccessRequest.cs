namespace IdentityProvider.ResourceServer;

/// <summary>
/// What a caller wants to do to a resource: the resource of <c>IAuthorizationService.AuthorizeAsync(user, resource, "policy")</c>
/// where its attribute policy looks at the action.
/// </summary>
/// <param name="Action">Such as <c>publish</c>.</param>
/// <param name="Resource">The loaded resource, if there is one.</param>
public sealed record AccessRequest(string Action, object? Resource = null);
