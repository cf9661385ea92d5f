using System.Net.Http.Headers;
using System.Text.Json;

namespace IdentityProvider.Sandbox.WebApp;

/// <summary>The API's answer as it is shown.</summary>
internal sealed record ApiAnswer(int Status, string Reason, string? Challenge, string Body);

/// <summary>Calls the sample API in the name of the signed-in person.</summary>
internal sealed class NotesApiClient(HttpClient http)
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    public async Task<ApiAnswer> GetNotesAsync(string accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/notes");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var response = await http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return new ApiAnswer(
            (int)response.StatusCode,
            response.ReasonPhrase ?? "",
            response.Headers.WwwAuthenticate.Count > 0 ? response.Headers.WwwAuthenticate.ToString() : null,
            response.Content.Headers.ContentType?.MediaType == "application/json" ? Indented(body) : body);
    }

    private static string Indented(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, indented);
    }
}
