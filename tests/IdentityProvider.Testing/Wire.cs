using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IdentityProvider.Testing;

/// <summary>Small encodings of the protocols.</summary>
public static class Wire
{
    public static string RandomText(int bytes = 32) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>RFC 7636 §4.2, method S256.</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public static string QueryOf(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"));

    /// <summary>Decodes a query or fragment. A parameter that comes twice is an error of the server.</summary>
    public static IReadOnlyDictionary<string, string> ParseQuery(string query)
    {
        Dictionary<string, string> parameters = [];
        foreach (var pair in query.TrimStart('?', '#').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, right) : (pair, "");
            Assert.True(parameters.TryAdd(WebUtility.UrlDecode(name), WebUtility.UrlDecode(value)), $"'{name}' comes twice in {query}");
        }

        return parameters;
    }

    /// <summary>The claims of a JWT, unverified.</summary>
    public static JsonElement ClaimsOf(string jwt) => Part(jwt, 1);

    public static JsonElement HeaderOf(string jwt) => Part(jwt, 0);

    /// <summary>RFC 6749 §2.3.1: both halves are form-encoded before they are joined.</summary>
    public static string Basic(string clientId, string secret) => "Basic " + Convert.ToBase64String(
        Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(clientId)}:{WebUtility.UrlEncode(secret)}"));

    private static JsonElement Part(string jwt, int index)
    {
        var parts = jwt.Split('.');
        Assert.True(parts.Length == 3, $"Not a signed JWT: {jwt}");
        return JsonDocument.Parse(Base64Url.DecodeFromChars(parts[index])).RootElement;
    }
}
