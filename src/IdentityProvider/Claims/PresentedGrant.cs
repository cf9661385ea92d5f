using OpenIddict.Server;

namespace IdentityProvider.Claims;

/// <summary>
/// What the grant behind a presented access token says. The token itself names its person as its client knows them,
/// which may be a pairwise subject; the grant knows who that is.
/// </summary>
/// <param name="Subject">The person's own subject; null when the grant is nobody's.</param>
/// <param name="UserInfoClaims">Claims that the <c>claims</c> parameter asked for at userinfo.</param>
internal sealed record PresentedGrant(string? Subject, IReadOnlyList<string> UserInfoClaims)
{
    private static readonly string property = typeof(PresentedGrant).FullName!;

    /// <summary>The key of the client that the person gave it to.</summary>
    public Guid? ClientId { get; init; }

    /// <summary>Whom the grant of this request's access token belongs to, or null when it hangs on none.</summary>
    public static PresentedGrant? Find(OpenIddictServerTransaction transaction) => transaction.GetProperty<PresentedGrant>(property);

    public void Remember(OpenIddictServerTransaction transaction) => transaction.SetProperty(property, this);
}
