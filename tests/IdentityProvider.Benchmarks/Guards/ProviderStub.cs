using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.Benchmarks.Guards;

/// <summary>As much of a provider as an API's authentication needs: a token, and the key that it is signed by.</summary>
internal sealed class ProviderStub : IDisposable
{
    public const string Issuer = "https://id.example.com";
    public const string Audience = "https://posts.example.com";

    private const string KeyId = "1";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>An access token with so many permissions, of which the one that is asked for comes last.</summary>
    public string TokenWith(int permissions) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Audience,
        TokenType = "at+jwt",
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
        SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = KeyId }, SecurityAlgorithms.EcdsaSha256),
        Claims = new Dictionary<string, object>
        {
            ["sub"] = "alice", ["client_id"] = "app", ["jti"] = "1", ["acr"] = "1", ["auth_time"] = 1, ["scope"] = "openid profile posts.read posts.write",
            ["roles"] = new[] { "reader", "editor" },
            ["entitlements"] = Enumerable.Range(1, permissions - 1).Select(number => string.Create(CultureInfo.InvariantCulture, $"posts.do-{number}")).Append("posts.delete").ToArray(),
        },
    });

    /// <summary>Its discovery document and its key set.</summary>
    public HttpMessageHandler Answers()
    {
        var (x, y) = (key.ExportParameters(false).Q.X!, key.ExportParameters(false).Q.Y!);
        return new Documents(
            JsonContent.Create(new { issuer = Issuer, jwks_uri = Issuer + "/jwks" }),
            JsonContent.Create(new { keys = new[] { new { kty = "EC", crv = "P-256", kid = KeyId, use = "sig", alg = "ES256", x = Base64UrlEncoder.Encode(x), y = Base64UrlEncoder.Encode(y) } } }));
    }

    public void Dispose() => key.Dispose();

    private sealed class Documents(HttpContent discovery, HttpContent keys) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = request.RequestUri!.AbsolutePath == "/jwks" ? keys : discovery });
    }
}
