using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>Permissions that the caller must have, all of them.</summary>
internal sealed class RequiredPermissions(IReadOnlyList<string> permissions) : IAuthorizationRequirement
{
    public IReadOnlyList<string> Permissions { get; } = RequirementText.Check(permissions, "permission");

    public bool IsMetBy(ClaimsPrincipal user)
    {
        foreach (var permission in Permissions)
        {
            if (!user.HasPermission(permission))
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => $"Permission: {string.Join(' ', Permissions)}";
}

/// <summary>Compares the permissions needed with those of the caller, looking them up where the token left them out.</summary>
internal sealed class RequiredPermissionsHandler(PermissionLookup lookup) : AuthorizationHandler<RequiredPermissions>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RequiredPermissions requirement)
    {
        if (requirement.IsMetBy(context.User)
            || (await lookup.FillInAsync(context, this) && requirement.IsMetBy(context.User)))
        {
            context.Succeed(requirement);
        }
        else
        {
            Refusal.Of(context)?.LacksPermissions(requirement.Permissions);
        }
    }
}
