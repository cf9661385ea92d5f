using OpenIddict.Server;

namespace IdentityProvider.Claims;

/// <summary>Whom a token that is issued by an exchange stands for, by the person's own subject: the token it was exchanged for may name them by another (OpenID Connect Core §8).</summary>
internal sealed record ExchangedSubject(string Value)
{
    private static readonly string property = typeof(ExchangedSubject).FullName!;

    public static ExchangedSubject? Find(OpenIddictServerTransaction transaction) => transaction.GetProperty<ExchangedSubject>(property);

    public void Remember(OpenIddictServerTransaction transaction) => transaction.SetProperty(property, this);
}
