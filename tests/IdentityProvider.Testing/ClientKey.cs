using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.Testing;

/// <summary>A key pair of a client, and what it signs with it.</summary>
public sealed class ClientKey
{
    private readonly AsymmetricSecurityKey pair;

    /// <param name="algorithm">The JWS algorithm, which also decides the kind of the key.</param>
    /// <param name="keyId">The <c>kid</c>; null for a key without one.</param>
    public ClientKey(string algorithm = SecurityAlgorithms.EcdsaSha256, string? keyId = "key-1", int rsaSize = 2048)
    {
        (Algorithm, KeyId) = (algorithm, keyId);
        pair = algorithm switch
        {
            SecurityAlgorithms.EcdsaSha256 => new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)),
            SecurityAlgorithms.EcdsaSha384 => new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP384)),
            SecurityAlgorithms.EcdsaSha512 => new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP521)),
            _ => new RsaSecurityKey(RSA.Create(rsaSize)),
        };
    }

    public string Algorithm { get; }

    public string? KeyId { get; }

    /// <summary>The public half as a JWK (RFC 7517).</summary>
    public JsonObject PublicJwk => Members(withPrivate: false);

    /// <summary>Both halves, as nobody should ever publish them.</summary>
    public JsonObject PrivateJwk => Members(withPrivate: true);

    /// <summary>The public halves as a JWK Set.</summary>
    public static string SetOf(params IEnumerable<ClientKey> keys) => SetOf(keys.Select(key => key.PublicJwk));

    public static string SetOf(IEnumerable<JsonObject> keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();

    /// <summary>A JWS in compact serialization (RFC 7515 §7.1) with exactly these members.</summary>
    public string Sign(JsonObject header, JsonObject claims) => SignText(header.ToJsonString(), claims.ToJsonString());

    /// <summary>The same with any text at all in the places of the two objects.</summary>
    public string SignText(string header, string claims)
    {
        var input = $"{Encode(header)}.{Encode(claims)}";
        using var provider = pair.CryptoProviderFactory.CreateForSigning(pair, Algorithm, cacheProvider: false);
        return $"{input}.{Base64Url.EncodeToString(provider.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private JsonObject Members(bool withPrivate)
    {
        var jwk = pair switch
        {
            ECDsaSecurityKey ec => JsonWebKeyConverter.ConvertFromECDsaSecurityKey(ec),
            RsaSecurityKey rsa => JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.Rsa.ExportParameters(withPrivate))),
            _ => throw new InvalidOperationException(),
        };
        (string Name, string? Value)[] members =
        [
            ("kty", jwk.Kty), ("crv", jwk.Crv), ("x", jwk.X), ("y", jwk.Y), ("n", jwk.N), ("e", jwk.E), ("kid", KeyId), ("d", withPrivate ? jwk.D : null),
        ];
        return new JsonObject(members.Where(member => member.Value is not null)
            .Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Value)));
    }
}
