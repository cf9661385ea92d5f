using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.UnitTests.ResourceServer;

/// <summary>Makes access tokens, and tokens that only look like one.</summary>
internal sealed class TokenMint(FakeTimeProvider clock) : IDisposable
{
    public const string Issuer = "https://id.example.com";
    public const string Audience = "https://notes.example.com";

    // An RSA key takes long to make, so there is one for all; a mint of its own differs by its EC key, with which it signs.
    private static readonly RSA rsa = RSA.Create(2048);
    private readonly ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string EcKeyId { get; } = "ec-" + Guid.CreateVersion7();

    public string RsaKeyId { get; } = "rsa-" + Guid.CreateVersion7();

    public SigningCredentials Es256 => new(new ECDsaSecurityKey(ec) { KeyId = EcKeyId }, SecurityAlgorithms.EcdsaSha256);

    public SigningCredentials Rs256 => Rsa(SecurityAlgorithms.RsaSha256);

    public SigningCredentials Rsa(string algorithm) => new(new RsaSecurityKey(rsa) { KeyId = RsaKeyId }, algorithm);

    public IEnumerable<SecurityKey> PublicKeys =>
    [
        new ECDsaSecurityKey(ECDsa.Create(ec.ExportParameters(includePrivateParameters: false))) { KeyId = EcKeyId },
        new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: false)) { KeyId = RsaKeyId },
    ];

    /// <summary>A good access token for the notes API, unless told otherwise.</summary>
    public string Token(Action<SecurityTokenDescriptor>? change = null, SigningCredentials? signedBy = null)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(10),
            SigningCredentials = signedBy ?? Es256,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = "alice",
                ["client_id"] = "app",
                ["jti"] = "1",
                ["scope"] = "openid notes.read",
            },
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>A good access token with one claim more, or another value of it.</summary>
    public string TokenWith(string claim, object value) => Token(token => token.Claims[claim] = value);

    /// <summary>A good access token that says what its bearer may do: nothing, unless told otherwise.</summary>
    public string TokenWithGrants(Action<IDictionary<string, object>>? change = null) => Token(token =>
    {
        (token.Claims["roles"], token.Claims["groups"], token.Claims["entitlements"]) = (Array.Empty<string>(), Array.Empty<string>(), Array.Empty<string>());
        change?.Invoke(token.Claims);
    });

    public void Dispose() => ec.Dispose();
}
