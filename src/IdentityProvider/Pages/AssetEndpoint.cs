using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Pages;

/// <summary>Serves the assets at <c>/assets/{file}</c>.</summary>
internal static class AssetEndpoint
{
    public static void MapAssets(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/assets/{**name}", [HttpMethods.Get, HttpMethods.Head], http => Find(http).ExecuteAsync(http));

    private static IResult Find(HttpContext http)
    {
        if (http.GetRouteValue("name") is not string name || http.RequestServices.GetRequiredService<Assets>().Find(name) is not { } asset)
        {
            return TypedResults.NotFound();
        }

        // During a roll-out a page of the new node may ask the old one: what does not match its version must not be kept.
        http.Response.Headers.CacheControl = http.Request.Query["v"] == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
        return TypedResults.Bytes(asset.Content, asset.ContentType, entityTag: new EntityTagHeaderValue($"\"{asset.Version}\""));
    }
}
