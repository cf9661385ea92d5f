using System.Net.Http.Headers;
using System.Text.Json;

namespace IdentityProvider.Sandbox.WebApp;

/// <summary>A request to the API.</summary>
internal sealed record ApiCall(HttpMethod Method, string Path, object? Body = null);

/// <summary>The API's answer as it is shown.</summary>
/// <param name="Request">What was asked.</param>
public sealed record ApiAnswer(string Request, int Status, string Reason, string? Challenge, string Body)
{
    /// <summary>The API did it.</summary>
    public bool Succeeded => Status is >= 200 and < 300;

    /// <summary>What a status means, in a sentence for whoever is not a developer.</summary>
    public string InWords => Status switch
    {
        >= 200 and < 300 => "Done",
        400 => "Not done: something in the request is wrong",
        401 => "Refused: the API does not know who is asking",
        403 => "Refused: the API knows who you are, and you may not do this",
        404 => "There is no such thing",
        409 => "Not possible as things are",
        _ => "That went wrong",
    };
}

/// <summary>Calls the sample API, with whatever access token it is given.</summary>
internal sealed class SampleApiClient(HttpClient http)
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <param name="call">The request.</param>
    /// <param name="accessToken">Null sends none.</param>
    public async Task<ApiAnswer> SendAsync(ApiCall call, string? accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(call.Method, call.Path);
        request.Headers.Authorization = accessToken is null ? null : new AuthenticationHeaderValue("Bearer", accessToken);
        request.Content = call.Body is null ? null : JsonContent.Create(call.Body);
        using var response = await http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return new ApiAnswer(
            $"{call.Method} {new Uri(http.BaseAddress!, call.Path)}",
            (int)response.StatusCode,
            response.ReasonPhrase ?? "",
            response.Headers.WwwAuthenticate.Count > 0 ? response.Headers.WwwAuthenticate.ToString() : null,
            response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json" ? Indented(body) : body);
    }

    private static string Indented(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, indented);
    }
}
