using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>The caller owns the resource, or has a permission that does as well.</summary>
internal sealed class RequiredOwnership(RequiredPermissions? alternative) : IAuthorizationRequirement
{
    public RequiredPermissions? Alternative => alternative;

    // What belongs to nobody belongs to no caller either, whatever their token says or leaves out.
    public static bool Owns(ClaimsPrincipal user, IOwned resource) =>
        user.GetSubject() is { } subject && string.Equals(subject, resource.OwnerSubject, StringComparison.Ordinal);

    public override string ToString() => alternative is null ? "Ownership" : $"Ownership, or {alternative}";
}

/// <summary>Compares owner and caller. Without a resource, or with one that has no owner by type, nothing is granted.</summary>
internal sealed class RequiredOwnershipHandler(PermissionLookup lookup) : AuthorizationHandler<RequiredOwnership, IOwned>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RequiredOwnership requirement, IOwned resource)
    {
        if (context.User.Identity?.IsAuthenticated is not true)
        {
            return;
        }

        if (RequiredOwnership.Owns(context.User, resource)
            || requirement.Alternative?.IsMetBy(context.User) is true
            || (requirement.Alternative is { } alternative && await lookup.FillInAsync(context, this) && alternative.IsMetBy(context.User)))
        {
            context.Succeed(requirement);
        }
    }
}
