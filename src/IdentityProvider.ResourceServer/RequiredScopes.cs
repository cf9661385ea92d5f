using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.ResourceServer;

/// <summary>Scopes that an access token must carry, all of them.</summary>
internal sealed class RequiredScopes : IAuthorizationRequirement
{
    public RequiredScopes(IReadOnlyList<string> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        if (scopes.Count == 0 || scopes.Any(scope => !IsScopeToken(scope)))
        {
            throw new ArgumentException("Name at least one scope, each without spaces, quotes or backslashes.", nameof(scopes));
        }

        Scopes = scopes;
    }

    public IReadOnlyList<string> Scopes { get; }

    public override string ToString() => $"Scope: {string.Join(' ', Scopes)}";

    // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
    private static bool IsScopeToken(string? scope) =>
        scope is { Length: > 0 }
        && scope.All(character => character is '\x21' or (>= '\x23' and <= '\x5B') or (>= '\x5D' and <= '\x7E'));
}

/// <summary>Compares the scopes needed with those of the token, and remembers what was missing for the answer.</summary>
internal sealed class RequiredScopesHandler : AuthorizationHandler<RequiredScopes>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RequiredScopes requirement)
    {
        if (requirement.Scopes.All(context.User.HasScope))
        {
            context.Succeed(requirement);
        }
        else if (context.Resource is HttpContext http)
        {
            InsufficientScope.Remember(http, requirement);
        }

        return Task.CompletedTask;
    }
}
