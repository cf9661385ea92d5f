using System.Security.Claims;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Marks a caller whose token carries none of <c>roles</c>, <c>groups</c> and <c>entitlements</c>; the identity provider knows them.
/// It travels with the identity, so that a requirement on a loaded resource finds it as well as a guard.
/// </summary>
internal sealed class LeftOutPermissions
{
    private readonly ClaimsIdentity identity;
    private readonly string token;
    private IntrospectionAnswer? refusal;

    private LeftOutPermissions(ClaimsIdentity identity, string token) => (this.identity, this.token) = (identity, token);

    public static void Mark(ClaimsIdentity identity, string token) => identity.BootstrapContext = new LeftOutPermissions(identity, token);

    public static LeftOutPermissions? Of(ClaimsPrincipal user)
    {
        foreach (var identity in user.Identities)
        {
            if (identity.BootstrapContext is LeftOutPermissions leftOut)
            {
                return leftOut;
            }
        }

        return null;
    }

    /// <summary>Asks once; afterwards the caller's claims are as complete as the answer.</summary>
    public async Task<IntrospectionAnswer> FillInAsync(ClaimsPrincipal user, TokenIntrospection introspection, CancellationToken cancellationToken)
    {
        // Two guards of one request wait for a silent provider once.
        if (refusal is not null)
        {
            return refusal;
        }

        var answer = await introspection.AskAsync(token, cancellationToken);
        // A transformation of claims may have made copies of the principal: the copy that is asked about gets them.
        var own = user.Identities.FirstOrDefault(candidate => candidate.BootstrapContext == this) ?? identity;
        if (answer is IntrospectionAnswer.Active active)
        {
            UnknownGrants.Mark(own, active.UnknownGrants);
            own.AddClaims(active.Claims.Where(claim => ClaimName.Grants.Contains(claim.Type, StringComparer.Ordinal)));
        }
        else
        {
            refusal = answer;
        }

        return answer;
    }
}
