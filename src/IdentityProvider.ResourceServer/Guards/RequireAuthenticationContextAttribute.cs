using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Lets a caller through whose sign-in was strong and fresh enough, and tells others how to sign in again (RFC 9470).
/// Goes on controllers, actions and minimal API handlers.
/// </summary>
/// <param name="acr">Values of <c>acr</c>, the preferred one first, separated by spaces; one of them is needed. Null: any.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequireAuthenticationContextAttribute(string? acr = null) : AuthorizeAttribute, IAuthorizationRequirementData
{
    /// <summary>Values of <c>acr</c>, separated by spaces.</summary>
    public string? Acr => acr;

    /// <summary>How many seconds ago the person may have signed in (<c>auth_time</c>). Below zero: any time ago.</summary>
    public int MaxAgeSeconds { get; set; } = -1;

    /// <inheritdoc />
    public IEnumerable<IAuthorizationRequirement> GetRequirements() =>
        [new RequiredAuthenticationContext(acr, MaxAgeSeconds < 0 ? null : TimeSpan.FromSeconds(MaxAgeSeconds))];
}
