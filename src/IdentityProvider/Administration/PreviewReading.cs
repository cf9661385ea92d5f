using System.Text.Json.Nodes;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Preview;

namespace IdentityProvider.Administration;

/// <summary>Which tokens and claims somebody would get at a client. Nothing of it works as a token, and the audit has who looked.</summary>
internal sealed class PreviewReading(ClientCatalog clients, UserRows users, TokenPreview preview)
{
    // A list of scopes, or a URI.
    private const int LongestText = 2048;

    private static readonly string[] parameters = ["client_id", "sub", "scope", "resource"];

    /// <summary>
    /// What the person <c>sub</c> would get at the client <c>client_id</c>; without <c>sub</c> what the client gets for itself. A request that would be
    /// refused is answered by how: only whom it is about must be there.
    /// </summary>
    public async Task<Answer> GetAsync(AdministrationRequest request)
    {
        if (!request.Has("client_id"))
        {
            return Problem.Wrong("The query must have a client_id.");
        }

        if (Array.Find(parameters, name => request.Has(name) && request.Text(name, LongestText) is null) is { } wrong)
        {
            return Problem.Wrong($"The query has {wrong} more than once, or with more than {LongestText} characters, or with characters that nothing is named by.");
        }

        var (clientId, subject) = (request.Text("client_id", LongestText)!, request.Text("sub", LongestText));
        if (await clients.FindAsync(clientId, request.Aborted) is null)
        {
            return Problem.NotFound("There is no such client.");
        }

        if (subject is not null && await users.FindAsync(subject, request.Aborted) is null)
        {
            return UserReading.NotFound;
        }

        var scopes = request.Text("scope", LongestText)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var tokens = await preview.PreviewAsync(
            new PreviewRequest(subject, clientId, scopes, request.Text("resource", LongestText)),
            $"{request.Caller.Subject ?? request.Caller.ClientId} over HTTP", request.Aborted);
        return Answer.Ok(JsonNode.Parse(tokens.ToJson())!.AsObject());
    }
}
