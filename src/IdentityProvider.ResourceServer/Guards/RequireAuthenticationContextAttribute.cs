using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Lets a caller through whose sign-in was strong and fresh enough, and tells others how to sign in again (RFC 9470).
/// Goes on controllers, actions, minimal API handlers, hubs and methods of hubs; a method of a hub refuses without telling how.
/// </summary>
/// <param name="acr">Values of <c>acr</c>, the preferred one first, separated by spaces; one of them is needed. Null: any.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequireAuthenticationContextAttribute(string? acr = null) : AuthorizeAttribute, IAuthorizeData
{
    /// <summary>Values of <c>acr</c>, separated by spaces.</summary>
    public string? Acr { get; } = acr is null ? null : string.Join(' ', RequirementText.Check(acr.Split(' ', StringSplitOptions.RemoveEmptyEntries), "acr value"));

    /// <summary>How many seconds ago the person may have signed in (<c>auth_time</c>). Default: -1, any time ago.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below -1.</exception>
    public int MaxAgeSeconds
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, -1);
            field = value;
        }
    } = -1;

    string? IAuthorizeData.Policy
    {
        get => GuardPolicy.OfAuthentication(Acr, MaxAgeSeconds, Policy);
        set => Policy = value;
    }
}
