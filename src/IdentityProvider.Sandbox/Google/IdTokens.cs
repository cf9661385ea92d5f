using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.Sandbox.Google;

/// <summary>Signs id_tokens (OpenID Connect Core section 2) with a key that lives as long as the process.</summary>
internal sealed class IdTokens : IDisposable
{
    private readonly RSA rsa = RSA.Create(2048);
    private readonly RsaSecurityKey key;
    private readonly GoogleSettings settings;
    private readonly TimeProvider clock;

    public IdTokens(GoogleSettings settings, TimeProvider clock)
    {
        this.settings = settings;
        this.clock = clock;
        key = new RsaSecurityKey(rsa);
        key.KeyId = WebEncoders.Base64UrlEncode(key.ComputeJwkThumbprint());
    }

    /// <summary>The key set (RFC 7517 section 5), public half only.</summary>
    public object PublicKeys
    {
        get
        {
            var parameters = rsa.ExportParameters(includePrivateParameters: false);
            return new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "RSA",
                        use = "sig",
                        alg = SecurityAlgorithms.RsaSha256,
                        kid = key.KeyId,
                        n = WebEncoders.Base64UrlEncode(parameters.Modulus!),
                        e = WebEncoders.Base64UrlEncode(parameters.Exponent!),
                    },
                },
            };
        }
    }

    public string Create(AuthorizationCode code, string accessToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var claims = GoogleClaims.For(code.Person, code.Request.Scopes);
        claims["azp"] = code.Request.ClientId;
        // OpenID Connect Core §3.1.3.6: the left half of the hash of the access token.
        claims["at_hash"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16));
        if (code.Request.Nonce is { } nonce)
        {
            claims["nonce"] = nonce;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = settings.Issuer,
            Audience = code.Request.ClientId,
            IssuedAt = now,
            Expires = now + TokenEndpoint.AccessTokenLifetime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        });
    }

    public void Dispose() => rsa.Dispose();
}
