using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.ResourceServer;

/// <summary>What the identity provider said about a token.</summary>
internal abstract record IntrospectionAnswer
{
    private IntrospectionAnswer()
    {
    }

    /// <summary>The token is good for this API.</summary>
    /// <param name="ExpiresAt">Its <c>exp</c>, if the answer has one.</param>
    /// <param name="UnknownGrants">Those of roles, groups and entitlements that the answer does not have, or not as an array of strings.</param>
    public sealed record Active(IReadOnlyList<Claim> Claims, DateTimeOffset? ExpiresAt, IReadOnlyList<string> UnknownGrants) : IntrospectionAnswer
    {
        /// <summary>A principal of the request's own: it may be changed.</summary>
        public ClaimsPrincipal ToPrincipal()
        {
            var identity = new CaseSensitiveClaimsIdentity(Claims, "Introspection", ClaimName.Subject, ClaimName.Roles);
            ResourceServer.UnknownGrants.Mark(identity, UnknownGrants);
            return new ClaimsPrincipal(identity);
        }
    }

    /// <summary>The token is good for nothing here.</summary>
    public sealed record Refused(string Reason) : IntrospectionAnswer;

    /// <summary>Nobody knows: no answer, or none that can be understood.</summary>
    public sealed record Unavailable(string Reason) : IntrospectionAnswer;
}
