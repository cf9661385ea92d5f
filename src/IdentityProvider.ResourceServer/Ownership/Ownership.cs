using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>Requirements on a loaded <see cref="IOwned"/>, for <c>IAuthorizationService.AuthorizeAsync(user, resource, requirement)</c>.</summary>
public static class Ownership
{
    /// <summary>The caller must be the owner: the <c>sub</c> of the token equals <see cref="IOwned.OwnerSubject"/> byte for byte.</summary>
    public static IAuthorizationRequirement Required { get; } = new RequiredOwnership(null);

    /// <summary>The caller must be the owner, or have this permission.</summary>
    /// <param name="permission">Such as <c>posts.edit-any</c>.</param>
    /// <returns>The requirement.</returns>
    public static IAuthorizationRequirement RequiredOr(string permission) => new RequiredOwnership(new RequiredPermissions([permission]));
}
