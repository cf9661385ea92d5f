using System.Text.Json.Nodes;

namespace IdentityProvider.Testing;

/// <summary>A client assertion in the making (RFC 7523): every member can be changed before it is signed.</summary>
public sealed record ClientAssertion(ClientKey Key, JsonObject Header, JsonObject Claims)
{
    /// <summary>The value of <c>client_assertion_type</c>.</summary>
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>What signs it; another one than the client's is a forgery.</summary>
    public ClientKey Key { get; set; } = Key;

    public string Sign() => Key.Sign(Header, Claims);

    /// <summary>As most libraries make one: no <c>typ</c>, a minute to live, a <c>jti</c> of its own.</summary>
    public static ClientAssertion New(string clientId, string audience, ClientKey key, DateTimeOffset now)
    {
        var header = new JsonObject { ["alg"] = key.Algorithm };
        if (key.KeyId is not null)
        {
            header["kid"] = key.KeyId;
        }

        return new ClientAssertion(key, header, new JsonObject
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddSeconds(60).ToUnixTimeSeconds(),
            ["jti"] = Wire.RandomText(16),
        });
    }
}
