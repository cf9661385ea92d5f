using System.Security.Claims;
using IdentityProvider.ResourceServer;

namespace IdentityProvider.Sandbox.Api.Readers;

/// <summary>Readers and their addresses: a permission to export them at all, and attributes for those of Europe.</summary>
internal static class ReaderEndpoints
{
    public const string Scope = "readers.export";
    public const string Export = "readers.export";

    public static void MapReaders(this IEndpointRouteBuilder api)
    {
        api.MapGet("/readers", RegionsAsync).RequireScope(Scope);
        api.MapGet("/readers/{region}", ExportAsync).RequireScope(Scope).RequirePermission(Export);
    }

    /// <summary>How many there are, which is no secret, and whether the caller may have them now.</summary>
    private static async Task<IResult> RegionsAsync(ClaimsPrincipal caller, ReaderStore readers, ReaderExport export)
    {
        var regions = new List<RegionAnswer>();
        foreach (var list in readers.All())
        {
            var may = caller.HasPermission(Export) && await export.IsAllowedAsync(caller, list);
            regions.Add(new RegionAnswer(list.Region, list.Readers.Count, may ? ["export"] : []));
        }

        return Results.Ok(new { Regions = regions });
    }

    private static async Task<IResult> ExportAsync(string region, ClaimsPrincipal caller, ReaderStore readers, ReaderExport export)
    {
        if (readers.Find(region) is not { } list)
        {
            return Results.Problem(statusCode: StatusCodes.Status404NotFound);
        }

        return await export.IsAllowedAsync(caller, list)
            ? Results.Ok(list)
            : Results.Problem(
                "Readers' data of the EU is exported by people who work in the EU, on working days from 9 to 17 in Berlin, within twelve hours of their sign-in.",
                statusCode: StatusCodes.Status403Forbidden);
    }

    /// <param name="May">What this caller may do now: a hint, as with posts.</param>
    private sealed record RegionAnswer(string Region, int Count, IReadOnlyList<string> May);
}
