using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;
using JsonWebKey = Microsoft.IdentityModel.Tokens.JsonWebKey;

namespace IdentityProvider.Testing;

/// <summary>What a client knows of the id_token it is about to get.</summary>
/// <param name="Nonce">As sent; null when none was.</param>
/// <param name="AccessToken">The access token that came with it, and so must be hashed into it; null when none did.</param>
/// <param name="Code">The same for a code.</param>
public sealed record ExpectedIdToken(string ClientId, string Algorithm, string? Nonce, string? AccessToken = null, string? Code = null)
{
    public string? Subject { get; init; }

    /// <summary>The claims of the person that it is to carry beside those of the protocol.</summary>
    public IReadOnlyCollection<string> PersonClaims { get; init; } = [];
}

/// <summary>
/// Checks an id_token as the strictest client does: OpenID Connect Core §2, §3.1.3.7, §3.2.2.11, §3.3.2.11. Everything it carries must have been expected.
/// </summary>
public static class IdTokenCheck
{
    private static readonly string[] protocolClaims =
        ["iss", "sub", "aud", "azp", "exp", "iat", "auth_time", "acr", "amr", "sid"];

    /// <summary>The claims, when all is as it must be; otherwise the test fails.</summary>
    public static async Task<JsonElement> CheckAsync(ProviderNode node, string idToken, ExpectedIdToken expected)
    {
        // ID1, ID15, ID17
        await VerifySignatureAsync(node, idToken, expected.Algorithm);

        var claims = Wire.ClaimsOf(idToken);
        var now = node.Clock.GetUtcNow().ToUnixTimeSeconds();
        // ID2
        Assert.Equal(node.Issuer, claims.GetProperty("iss").GetString());
        // ID3
        Assert.Equal(expected.ClientId, claims.GetProperty("aud").GetString());
        Assert.Equal(expected.ClientId, claims.GetProperty("azp").GetString());
        // ID4
        Assert.InRange(claims.GetProperty("exp").GetInt64(), now + 1, now + (24 * 60 * 60));
        Assert.InRange(claims.GetProperty("iat").GetInt64(), now - (5 * 60), now + 1);
        // ID5
        Assert.Equal(expected.Nonce, Text(claims, "nonce"));
        // ID6
        Assert.Matches(@"^[\x21-\x7e]{1,255}$", claims.GetProperty("sub").GetString()!);
        Assert.Equal(expected.Subject ?? Text(claims, "sub"), Text(claims, "sub"));
        // ID7
        Assert.Equal(JsonValueKind.Number, claims.GetProperty("auth_time").ValueKind);
        Assert.InRange(claims.GetProperty("auth_time").GetInt64(), 1, now + 1);
        // ID8
        Assert.NotEmpty(claims.GetProperty("acr").GetString()!);
        Assert.All(claims.GetProperty("amr").EnumerateArray(), method => Assert.NotEmpty(method.GetString()!));
        // ID9
        Assert.NotEmpty(claims.GetProperty("sid").GetString()!);
        // ID10
        Assert.Equal(HalfHash(expected.Algorithm, expected.AccessToken), Text(claims, "at_hash"));
        Assert.Equal(HalfHash(expected.Algorithm, expected.Code), Text(claims, "c_hash"));
        // ID11, ID12, ID13
        Assert.Equal(
            protocolClaims.Concat(Present("nonce", expected.Nonce)).Concat(Present("at_hash", expected.AccessToken))
                .Concat(Present("c_hash", expected.Code)).Concat(expected.PersonClaims).Order(StringComparer.Ordinal),
            claims.EnumerateObject().Select(claim => claim.Name).Order(StringComparer.Ordinal));
        // ID14
        Assert.DoesNotContain(claims.EnumerateObject(), claim => claim.Value.ValueKind == JsonValueKind.Null || claim.Value.ToString() is "" or "null");
        return claims;
    }

    /// <summary>Verifies the signature of any JWT by the published key that its header names.</summary>
    public static async Task VerifySignatureAsync(ProviderNode node, string token, string algorithm)
    {
        var header = Wire.HeaderOf(token);
        Assert.Equal(algorithm, header.GetProperty("alg").GetString());
        var keys = await node.Http.GetFromJsonAsync<JsonElement>(".well-known/jwks");
        var key = Assert.Single(keys.GetProperty("keys").EnumerateArray(),
            key => key.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        // Many clients choose the key by its algorithm.
        Assert.Equal(algorithm, key.GetProperty("alg").GetString());

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = new JsonWebKey(key.GetRawText()),
            ValidAlgorithms = [algorithm],
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        Assert.True(result.IsValid, $"The signature does not verify: {result.Exception?.Message}");
    }

    private static string? HalfHash(string algorithm, string? token)
    {
        if (token is null)
        {
            return null;
        }

        var octets = Encoding.ASCII.GetBytes(token);
        var hash = algorithm[2..] switch
        {
            "256" => SHA256.HashData(octets),
            "384" => SHA384.HashData(octets),
            _ => SHA512.HashData(octets),
        };
        return Base64Url.EncodeToString(hash.AsSpan(0, hash.Length / 2));
    }

    private static string[] Present(string name, string? value) => value is null ? [] : [name];

    private static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) ? value.GetString() : null;
}
