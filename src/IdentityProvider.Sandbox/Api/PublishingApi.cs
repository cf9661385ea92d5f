using IdentityProvider.ResourceServer;
using IdentityProvider.Sandbox.Api.Posts;
using IdentityProvider.Sandbox.Api.Readers;

namespace IdentityProvider.Sandbox.Api;

/// <summary>What the API is told.</summary>
/// <param name="Authority">The provider, whose access tokens it trusts.</param>
/// <param name="Audience">Its own identifier among the provider's resources.</param>
/// <param name="DatabasePath">Where it keeps posts and readers.</param>
/// <param name="IsOfficeAlwaysOpen">Whether every hour is a working hour, for whoever tries things out at night.</param>
internal sealed record PublishingApiSettings(string Authority, string Audience, string DatabasePath, bool IsOfficeAlwaysOpen = false);

/// <summary>
/// A small publishing service as anybody might write it, guarded as <c>docs/protect-your-api.md</c> says. Four things decide who may do what:
/// a role, a permission and ownership in <see cref="PostEndpoints"/>, attributes in <see cref="ReaderEndpoints"/>.
/// </summary>
internal static class PublishingApi
{
    public const string Name = "sample-api";

    private static readonly string[] endpoints = ["/posts", "/readers", "/notes"];

    public static void AddPublishingApi(this IServiceCollection services, PublishingApiSettings settings)
    {
        services.AddIdentityProviderAuthentication(settings.Authority, settings.Audience, options =>
        {
            options.RequireHttpsMetadata = settings.Authority.StartsWith("https:", StringComparison.Ordinal);
            options.Region = "EU";
        });
        ReaderExport.AddPolicy(services.AddAuthorizationBuilder(), settings.IsOfficeAlwaysOpen);

        // Browser apps may call from anywhere: the API knows no cookies, so a page has nothing to lend but its own token.
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()));
        services.AddProblemDetails();
        // What is wrong with a request is the caller's to know, also on a developer's machine: 400 and not an exception.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);

        services.AddSingleton(provider => new PublishingDatabase(settings.DatabasePath, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PostStore>();
        services.AddSingleton<ReaderStore>();
        services.AddScoped<PostAnswers>();
        services.AddScoped<ReaderExport>();
    }

    public static void UsePublishingApi(this WebApplication app)
    {
        app.UseStatusCodePages();
        app.UseCors();
        app.MapGet("/", () => Results.Json(new { api = "Publishing", endpoints }));
        app.MapPosts();
        app.MapReaders();
        app.MapNotes();
    }
}
