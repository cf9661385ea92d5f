using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Benchmarks.Reference;

/// <summary>The limit of every endpoint: Kestrel reads a form and writes JSON, and nothing else happens.</summary>
internal static class FormServer
{
    public const string Mode = "--serve-form";

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        app.MapGet("/", () => Results.Ok());
        app.MapPost("/form", (RequestDelegate)AnswerAsync);
        await app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new Answer(form["grant_type"].ToString(), "Bearer", 900), cancellationToken: context.RequestAborted);
    }

    private sealed record Answer(string GrantType, string TokenType, int ExpiresIn);
}
