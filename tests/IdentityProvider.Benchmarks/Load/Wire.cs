using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>How things are written on the wire.</summary>
internal static class Wire
{
    public static string RandomText(int bytes = 32) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>S256 (RFC 7636 §4.2).</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public static string Basic(string client, string secret) => "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(client + ":" + secret));

    public static string Query(string address, IEnumerable<KeyValuePair<string, string>> parameters) =>
        address + "?" + string.Join('&', parameters.Select(parameter => parameter.Key + "=" + Uri.EscapeDataString(parameter.Value)));

    public static Dictionary<string, string> Parse(string query) => query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('=', 2))
        .ToDictionary(part => Uri.UnescapeDataString(part[0]), part => Uri.UnescapeDataString(part[^1].Replace('+', ' ')));

    /// <summary>The claims of a signed JWT; its signature is the business of the tests.</summary>
    public static JsonElement Claims(string jwt)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[1]));
        return document.RootElement.Clone();
    }
}
