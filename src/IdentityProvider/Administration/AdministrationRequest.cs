using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Administration;

/// <summary>A request that may be answered: its caller holds the permission of its operation.</summary>
/// <param name="Values">What stands in the path where the operation's template has a gap, in order.</param>
internal sealed record AdministrationRequest(HttpContext Http, Caller Caller, Operation Operation, IReadOnlyList<string> Values)
{
    public const int MostListed = 200;

    private const int UsuallyListed = 50;
    private const int LongestText = 256;
    private const int Deepest = 16;

    private static readonly JsonDocumentOptions strictly = new() { AllowDuplicateProperties = false, MaxDepth = Deepest };

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>How many items a list shall have: <c>limit</c>, within bounds.</summary>
    public int Limit => Number("limit", UsuallyListed, MostListed);

    /// <summary>A parameter of the query that is a number from 1 on; what is none counts as the default.</summary>
    public int Number(string name, int usual, int most) =>
        int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, most) : usual;

    /// <summary>
    /// A parameter of the query; null where it is absent, or is what nothing is called: too long, or with characters that cannot be stored. Half of a
    /// surrogate pair is in none: what is not UTF-8 stays escaped.
    /// </summary>
    public string? Text(string name, int longest = LongestText) =>
        Http.Request.Query[name] is [{ Length: > 0 } text] && text.Length <= longest && !text.Any(char.IsControl) ? text : null;

    /// <summary>Whether a parameter of the query is there and says something, be it what <see cref="Text"/> does not read.</summary>
    public bool Has(string name) => Http.Request.Query[name].Any(text => !string.IsNullOrEmpty(text));

    /// <summary>Whether this is the version that the caller means to change (RFC 9110 §13.1.1), where they say; what cannot be read is no version of anything.</summary>
    /// <param name="version">Without quotes; null where there is nothing yet.</param>
    public bool Means(string? version) => Http.Request.Headers.IfMatch switch
    {
        [] => true,
        ["*"] => version is not null,
        [{ } tag] => version is not null && EntityTagHeaderValue.TryParse(tag, out var parsed) && !parsed.IsWeak && parsed.Tag.Equals($"\"{version}\"", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Whether the caller means to make something that is not there (RFC 9110 §13.1.2).</summary>
    public bool MustBeNew => Http.Request.Headers.IfNoneMatch is ["*"];

    /// <summary>The body as an object whose members have the right kinds; the problem otherwise. No body is an empty object.</summary>
    public async Task<(JsonObject Members, Problem? Problem)> ReadAsync(MemberTable table)
    {
        var request = Http.Request;
        if (request.ContentLength is null or 0 && string.IsNullOrEmpty(request.ContentType))
        {
            return ([], null);
        }

        if (!request.HasJsonContentType())
        {
            return ([], new Problem(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json."));
        }

        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, Aborted);
            if (WholeText.Check(body.GetBuffer().AsSpan(0, (int)body.Length), new JsonReaderOptions { MaxDepth = Deepest }) is { Count: > 0 } halves)
            {
                return ([], Problem.Wrong(halves));
            }

            body.Position = 0;
            if (await JsonNode.ParseAsync(body, documentOptions: strictly, cancellationToken: Aborted) is JsonObject members)
            {
                var problems = table.Check(members).ToList();
                return (members, problems.Count > 0 ? Problem.Wrong(problems) : null);
            }
        }
        catch (JsonException)
        {
            // Told below.
        }

        return ([], Problem.Wrong("The body must be one JSON object without members of the same name."));
    }
}
