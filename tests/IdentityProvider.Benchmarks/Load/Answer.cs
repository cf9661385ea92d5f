using System.Net;
using System.Text;
using System.Text.Json;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>What a server answered, and the checks that every answer goes through.</summary>
internal sealed record Answer(string Request, HttpStatusCode Status, Uri? Location, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>A JSON object with status 200.</summary>
    public JsonElement Json()
    {
        Require(Status == HttpStatusCode.OK, "200");
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw Wrong("JSON");
        }
    }

    /// <summary>A redirect, with the parameters that it carries.</summary>
    public Dictionary<string, string> RedirectTo(string address)
    {
        Require(Status is HttpStatusCode.Found or HttpStatusCode.SeeOther, "a redirect");
        Require(Location is not null && Location.OriginalString.StartsWith(address + "?", StringComparison.Ordinal), "a redirect to " + address);
        return Wire.Parse(Location!.Query);
    }

    public void Require(bool condition, string expected)
    {
        if (!condition)
        {
            throw Wrong(expected);
        }
    }

    private BenchmarkException Wrong(string expected)
    {
        var body = Text;
        return new BenchmarkException(
            $"{Request}: expected {expected}, got {(int)Status} {Location} {(body.Length > 600 ? body[..600] + "…" : body)}");
    }
}
