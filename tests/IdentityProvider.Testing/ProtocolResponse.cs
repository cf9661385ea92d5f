using System.Net;
using System.Text.Json;

namespace IdentityProvider.Testing;

/// <summary>A raw answer of a protocol endpoint.</summary>
/// <param name="Headers">By name, several values joined by a comma.</param>
/// <param name="Sql">The SQL commands the request cost.</param>
public sealed record ProtocolResponse(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Body, IReadOnlyCollection<string> Sql)
{
    private readonly Lazy<JsonElement> json = new(() => JsonDocument.Parse(Body).RootElement);

    public JsonElement Json => json.Value;

    public bool Succeeded => Status == HttpStatusCode.OK;

    /// <summary>The <c>error</c> member, or null.</summary>
    public string? Error => Find("error");

    /// <summary>The text of a top-level member, or null when it is absent.</summary>
    public string? Find(string member) =>
        Body.StartsWith('{') && Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    /// <summary>The text of a top-level member that has to be there.</summary>
    public string this[string member] => Find(member) ?? throw new KeyNotFoundException($"No '{member}' in {this}");

    public string AccessToken => this["access_token"];

    public string RefreshToken => this["refresh_token"];

    public string IdToken => this["id_token"];

    /// <summary>This response, when it is a success; otherwise the test fails with what came instead.</summary>
    public ProtocolResponse OrFail()
    {
        Assert.True(Succeeded, $"Expected success, got {this}");
        return this;
    }

    public static async Task<ProtocolResponse> ReadAsync(HttpResponseMessage response, IReadOnlyCollection<string>? sql = null) => new(
        response.StatusCode,
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        await response.Content.ReadAsStringAsync(), sql ?? []);

    public override string ToString() => $"{(int)Status} {Body}";
}
