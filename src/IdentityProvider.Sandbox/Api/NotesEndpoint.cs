using System.Security.Claims;
using IdentityProvider.ResourceServer;

namespace IdentityProvider.Sandbox.Api;

/// <summary>An API as anybody might write it: it trusts the provider's access tokens, and its one endpoint needs a scope.</summary>
internal static class NotesApi
{
    public const string Name = "sample-api";
    public const string Scope = "notes.read";

    /// <param name="services">The API's services.</param>
    /// <param name="authority">The provider.</param>
    /// <param name="audience">The identifier of this API among the provider's resources.</param>
    public static void AddNotesApi(this IServiceCollection services, string authority, string audience)
    {
        // Browser apps may call from anywhere: the API knows no cookies, so a page has nothing to lend but its own token.
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader().WithMethods("GET")));
        services.AddIdentityProviderAuthentication(
            authority, audience, options => options.RequireHttpsMetadata = authority.StartsWith("https:", StringComparison.Ordinal));
    }

    public static void UseNotesApi(this WebApplication app)
    {
        app.UseCors();
        app.MapGet("/", () => Results.Json(new { api = "Notes", endpoints = new[] { $"GET /notes (scope {Scope})" } }));
        app.MapGet("/notes", Notes).RequireScope(Scope);
    }

    private static NotesAnswer Notes(ClaimsPrincipal caller) => new(
        ["Water the plants", "Call Alice back", "Rotate the signing keys"],
        caller.Claims
            .GroupBy(claim => claim.Type, StringComparer.Ordinal)
            .ToDictionary(claims => claims.Key, claims => string.Join(' ', claims.Select(claim => claim.Value)), StringComparer.Ordinal));

    /// <param name="Notes">What the caller came for.</param>
    /// <param name="Claims">What the API read in the caller's access token.</param>
    private sealed record NotesAnswer(IReadOnlyList<string> Notes, IReadOnlyDictionary<string, string> Claims);
}
