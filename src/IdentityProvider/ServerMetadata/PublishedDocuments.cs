using System.Collections.Concurrent;
using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace IdentityProvider.ServerMetadata;

/// <summary>
/// Answers with discovery and the key set as they were made last, for as long as nothing changed that they are made of. Every client asks for them, and
/// nothing of the request has a say in them. What makes them is the protocol pipeline, as for any other request.
/// </summary>
internal sealed class PublishedDocuments(RequestDelegate next, ScopeCatalog scopes, ClientCatalog clients, IOptionsMonitor<OpenIddictServerOptions> options)
{
    private readonly ConcurrentDictionary<string, Document> kept = new(StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        return request.Path.Value is Endpoints.Configuration or Endpoints.AuthorizationServerMetadata or Endpoints.JsonWebKeySet
            && HttpMethods.IsGet(request.Method) && !request.QueryString.HasValue
            ? AnswerAsync(context, request.Path.Value)
            : next(context);
    }

    private async Task AnswerAsync(HttpContext context, string path)
    {
        // Before it is made: a document that is newer than its sources is only made once more.
        var sources = path == Endpoints.JsonWebKeySet
            ? new Sources(options.CurrentValue)
            : new Sources(options.CurrentValue, await scopes.GetAsync(context.RequestAborted), await clients.WatchingOriginsAsync(context.RequestAborted));
        if (!kept.TryGetValue(path, out var document) || document.Sources != sources)
        {
            if (await MakeAsync(context, sources) is not { } made)
            {
                return;
            }

            kept[path] = document = made;
        }

        var response = context.Response;
        response.ContentType = document.ContentType;
        response.ContentLength = document.Body.Length;
        response.Headers.CacheControl = document.CacheControl;
        await response.BodyWriter.WriteAsync(document.Body, context.RequestAborted);
    }

    /// <returns>Null when the pipeline did not answer with the document; then it has answered.</returns>
    private async Task<Document?> MakeAsync(HttpContext context, Sources sources)
    {
        var response = context.Response;
        var wire = response.Body;
        using var copy = new MemoryStream();
        response.Body = copy;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = wire;
        }

        if (response.StatusCode == StatusCodes.Status200OK)
        {
            return new Document(sources, response.ContentType, response.Headers.CacheControl.ToString(), copy.ToArray());
        }

        copy.Position = 0;
        await copy.CopyToAsync(wire, context.RequestAborted);
        return null;
    }

    /// <summary>What the documents are made of. Each is another object as soon as it says something else.</summary>
    /// <param name="Options">Holds the keys, and is built again when one of them comes, goes or begins to sign.</param>
    private sealed record Sources(OpenIddictServerOptions Options, ScopeSet? Scopes = null, IReadOnlySet<string>? WatchingOrigins = null);

    private sealed record Document(Sources Sources, string? ContentType, string CacheControl, byte[] Body);
}
