using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.ResourceServer;

/// <summary>How strong and how fresh the sign-in must be on which the token rests (RFC 9470).</summary>
internal sealed class RequiredAuthenticationContext : IAuthorizationRequirement
{
    /// <param name="acr">Values of <c>acr</c>, the preferred one first, separated by spaces; one of them is needed. Null: any.</param>
    /// <param name="maxAge">How long ago the person may have signed in; whole seconds count. Null: any time ago.</param>
    /// <exception cref="ArgumentException">Neither is given, or one is no value that can exist.</exception>
    public RequiredAuthenticationContext(string? acr, TimeSpan? maxAge)
    {
        AcrValues = acr is null ? [] : RequirementText.Check(acr.Split(' ', StringSplitOptions.RemoveEmptyEntries), "acr value");
        MaxAge = maxAge;
        if (AcrValues.Count == 0 && maxAge is null)
        {
            throw new ArgumentException("Name an acr value or a maximum age, or both.", nameof(acr));
        }

        if (maxAge < TimeSpan.Zero)
        {
            throw new ArgumentException("The maximum age must not be negative.", nameof(maxAge));
        }
    }

    public IReadOnlyList<string> AcrValues { get; }

    public TimeSpan? MaxAge { get; }

    public bool IsMetBy(ClaimsPrincipal user, DateTimeOffset now, TimeSpan clockSkew) => HasAcr(user) && IsFresh(user, now, clockSkew);

    public override string ToString() => $"Authentication context: acr {string.Join(' ', AcrValues)}, max_age {MaxAge}";

    private bool HasAcr(ClaimsPrincipal user) =>
        AcrValues.Count == 0
        || (user.Single(ClaimName.AuthenticationContext) is { ValueType: ClaimValueTypes.String } acr && AcrValues.Contains(acr.Value, StringComparer.Ordinal));

    // A sign-in that is still to come proves nothing; clocks may differ by a little.
    private bool IsFresh(ClaimsPrincipal user, DateTimeOffset now, TimeSpan clockSkew) =>
        MaxAge is not { } maxAge
        || (user.AuthenticationTime() is { } signedIn
            && signedIn <= (now + clockSkew).ToUnixTimeSeconds()
            && now.ToUnixTimeSeconds() - signedIn <= (long)maxAge.TotalSeconds);
}

/// <summary>Compares the sign-in needed with the one of the token.</summary>
internal sealed class RequiredAuthenticationContextHandler(IOptions<ResourceServerOptions> options, TimeProvider clock)
    : AuthorizationHandler<RequiredAuthenticationContext>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RequiredAuthenticationContext requirement)
    {
        if (requirement.IsMetBy(context.User, clock.GetUtcNow(), options.Value.ClockSkew))
        {
            context.Succeed(requirement);
        }
        else
        {
            Refusal.Of(context)?.LacksAuthentication(requirement);
        }

        return Task.CompletedTask;
    }
}
