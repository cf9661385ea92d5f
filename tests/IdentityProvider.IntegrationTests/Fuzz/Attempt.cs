using System.Net.Http.Headers;
using System.Text;

namespace IdentityProvider.IntegrationTests.Fuzz;

/// <summary>One request in parts, so that each part can be broken.</summary>
/// <param name="Parameters">In the query of a GET, in the form of a POST.</param>
/// <param name="Decisive">Parameters that must be right for anything to be given: where one of these was changed, a success is a hole.</param>
/// <param name="Body">Sent in the place of the form, when it is not null.</param>
internal sealed record Attempt(
    string Endpoint, HttpMethod Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Parameters, IReadOnlySet<string> Decisive)
{
    public string? Authorization { get; init; }

    public string? Cookie { get; init; }

    public string ContentType { get; init; } = "application/x-www-form-urlencoded";

    public byte[]? Body { get; init; }

    /// <summary>How values are written: escaped as they should be, or as they are.</summary>
    public bool Escaped { get; init; } = true;

    public HttpRequestMessage ToRequest()
    {
        var encoded = string.Join('&', Parameters.Select(parameter => Encode(parameter.Key) + "=" + Encode(parameter.Value)));
        var inQuery = Method == HttpMethod.Get;
        var request = new HttpRequestMessage(Method, inQuery && encoded.Length > 0 ? Path + "?" + encoded : Path);
        if (!inQuery)
        {
            request.Content = new ByteArrayContent(Body ?? Encoding.UTF8.GetBytes(encoded));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        if (Authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        }

        if (Cookie is not null)
        {
            request.Headers.Add("Cookie", Cookie);
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        return request;
    }

    // Half a surrogate pair cannot be escaped; a question mark is what an encoder makes of it.
    private string Encode(string text)
    {
        var clean = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return Escaped ? Uri.EscapeDataString(clean) : new string([.. clean.Where(character => character is not ('\r' or '\n' or '\0' or '#' or ' '))]);
    }

    public override string ToString() =>
        $"{Method} {Path} [{string.Join(" & ", Parameters.Select(parameter => $"{parameter.Key}={Short(parameter.Value)}"))}] {ContentType} Authorization: {Authorization} {(Escaped ? "" : "raw")}";

    private static string Short(string text) => text.Length > 80 ? text[..80] + $"...({text.Length})" : text;
}
