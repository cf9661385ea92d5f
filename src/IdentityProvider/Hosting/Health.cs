using System.Data.Common;
using IdentityProvider.Data;
using IdentityProvider.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can serve, so send it requests.</summary>
internal static class Health
{
    private static readonly Statement look = new("""SELECT 1 FROM "ChangeStamps" LIMIT 1""");
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        // As plain delegates: from one with parameters the framework would compile code at each start.
        endpoints.MapGet("/health/live", http => TypedResults.Text("live").ExecuteAsync(http));
        endpoints.MapGet("/health/ready", async http => await (await ReadyAsync(http)).ExecuteAsync(http));
    }

    private static async Task<ContentHttpResult> ReadyAsync(HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        http.Response.Headers.CacheControl = "no-store";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            // Tables of this version were required before the server began to listen; a read shows that they can still be reached.
            await http.RequestServices.GetRequiredService<Statements>().AnyAsync(look, limit.Token);
            return http.RequestServices.GetRequiredService<KeyRing>().IsLoaded ? TypedResults.Text("ready") : NotReady("The signing keys are not loaded.");
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException or TimeoutException
            || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return NotReady("The database does not answer.");
        }
    }

    private static ContentHttpResult NotReady(string why) => TypedResults.Text(why, statusCode: StatusCodes.Status503ServiceUnavailable);
}
