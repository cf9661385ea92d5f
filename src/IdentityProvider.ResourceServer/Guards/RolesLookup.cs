using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Roles are ASP.NET Core's own requirement, which decides for itself; this looks them up where the token left them out,
/// and notes what was missing for the answer.
/// </summary>
internal sealed class RolesLookup(PermissionLookup lookup) : AuthorizationHandler<RolesAuthorizationRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RolesAuthorizationRequirement requirement)
    {
        if (HasOne(context.User, requirement)
            || (await lookup.FillInAsync(context, this) && HasOne(context.User, requirement)))
        {
            context.Succeed(requirement);
        }
        else
        {
            Refusal.Of(context)?.LacksRole(requirement.AllowedRoles);
        }
    }

    private static bool HasOne(ClaimsPrincipal user, RolesAuthorizationRequirement requirement)
    {
        foreach (var role in requirement.AllowedRoles)
        {
            if (user.IsInRole(role))
            {
                return true;
            }
        }

        return false;
    }
}
