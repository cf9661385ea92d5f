using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>Scopes that an access token must carry, all of them.</summary>
internal sealed class RequiredScopes(IReadOnlyList<string> scopes) : IAuthorizationRequirement
{
    public IReadOnlyList<string> Scopes { get; } = RequirementText.Check(scopes, "scope");

    public override string ToString() => $"Scope: {string.Join(' ', Scopes)}";
}

/// <summary>Compares the scopes needed with those of the token, and notes what was missing for the answer.</summary>
internal sealed class RequiredScopesHandler : AuthorizationHandler<RequiredScopes>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RequiredScopes requirement)
    {
        foreach (var scope in requirement.Scopes)
        {
            if (!context.User.HasScope(scope))
            {
                Refusal.Of(context)?.LacksScopes(requirement.Scopes);
                return Task.CompletedTask;
            }
        }

        context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
