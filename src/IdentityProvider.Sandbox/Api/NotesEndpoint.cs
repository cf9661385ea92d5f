using System.Security.Claims;
using IdentityProvider.ResourceServer;

namespace IdentityProvider.Sandbox.Api;

/// <summary>The simplest thing an API can ask for: a scope. The answer holds what the API read in the caller's access token.</summary>
internal static class NotesEndpoint
{
    public const string Scope = "notes.read";

    public static void MapNotes(this IEndpointRouteBuilder api) => api.MapGet("/notes", Notes).RequireScope(Scope);

    private static NotesAnswer Notes(ClaimsPrincipal caller) => new(
        ["Water the plants", "Call Alice back", "Rotate the signing keys"],
        caller.Claims
            .GroupBy(claim => claim.Type, StringComparer.Ordinal)
            .ToDictionary(claims => claims.Key, claims => string.Join(' ', claims.Select(claim => claim.Value)), StringComparer.Ordinal));

    /// <param name="Notes">What the caller came for.</param>
    /// <param name="Claims">What the API read in the caller's access token.</param>
    private sealed record NotesAnswer(IReadOnlyList<string> Notes, IReadOnlyDictionary<string, string> Claims);
}
