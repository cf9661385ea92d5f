using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Federation;

/// <summary>The upstream providers that people may sign in with.</summary>
internal sealed class ExternalProviders(IOptions<GoogleSignInOptions> google)
{
    public const string Google = "google";

    public IReadOnlyList<ExternalProvider> All { get; } = google.Value.IsConfigured
        ? [new ExternalProvider(Google, "Google", SourcesOf(google.Value.AuthorizationEndpoint))]
        : [];

    public ExternalProvider? Find(string? name) =>
        All.FirstOrDefault(provider => provider.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    // Google sends people on between hosts of its own before it shows anything, and browsers count those hops as part of our form.
    private static IReadOnlyList<string> SourcesOf(string authorizationEndpoint) =>
        authorizationEndpoint == GoogleDefaults.AuthorizationEndpoint
            ? ["https://accounts.google.com", "https://*.google.com"]
            : [new Uri(authorizationEndpoint).GetLeftPart(UriPartial.Authority)];
}

/// <param name="Name">In addresses, rows and as authentication scheme.</param>
/// <param name="DisplayName">For people.</param>
/// <param name="FormActionSources">Content-Security-Policy sources that the form which starts a sign-in may end at.</param>
internal sealed record ExternalProvider(string Name, string DisplayName, IReadOnlyList<string> FormActionSources);
