namespace IdentityProvider.Extensibility;

/// <summary>
/// Adds claims of your own to tokens and userinfo answers. Register implementations in the services of the host, with any lifetime;
/// they are asked in the order of their registration.
/// </summary>
public interface IClaimsContributor
{
    /// <summary>Says which claims to add to one access token, id_token or userinfo answer.</summary>
    /// <param name="context">Whom it is about, for which client, and what it is.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more.</param>
    /// <returns>
    /// Claims to add; none is fine. A claim that is there already, from this server or from an earlier contributor, stays as it is.
    /// Protocol claims (<c>sub</c>, <c>aud</c>, <c>scope</c>, <c>roles</c>, …) fail the request with a <see cref="ReservedClaimException"/>.
    /// </returns>
    /// <remarks>
    /// Runs within the request: all contributors together have two seconds, after which the request fails, as it does when one of them throws.
    /// No consent page tells people of these claims: what they may have to agree to belongs into a scope, which <see cref="ClaimsContext.Scopes"/> has.
    /// </remarks>
    ValueTask<IReadOnlyCollection<ContributedClaim>> ContributeAsync(ClaimsContext context, CancellationToken cancellationToken);
}
