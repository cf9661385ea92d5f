using System.Net;
using IdentityProvider.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Clients;

/// <summary>What a registration may say of the people who sign in: by which subject it knows them, and how fresh and strong a sign-in it wants.</summary>
internal static class ClientSubjectRules
{
    public static IEnumerable<MetadataProblem> Check(ClientMetadata metadata, bool isDevelopment)
    {
        if (metadata.SubjectType is not (SubjectTypes.Public or SubjectTypes.Pairwise))
        {
            yield return new("subject_type", "This must be public or pairwise.");
        }

        if (metadata.SectorIdentifierUri is { } sector && !ClientRules.IsLink(sector, isDevelopment))
        {
            yield return new("sector_identifier_uri", "This must be an absolute https address.");
        }

        // OpenID Connect Core §8.1: without a sector identifier the host of the redirect URIs is the sector.
        if (metadata is { SubjectType: SubjectTypes.Pairwise, SectorIdentifierUri: null })
        {
            if (HostsOf(metadata.RedirectUris).Count() > 1)
            {
                yield return new("sector_identifier_uri", "Pairwise subjects need one sector: the redirect URIs have several hosts, so give a sector_identifier_uri.");
            }
            else if (!HostsOf(metadata.RedirectUris).Any(IsSomebodys))
            {
                yield return new("sector_identifier_uri", "Pairwise subjects need a sector: the client has no redirect URI on a host of its own, so give a sector_identifier_uri.");
            }
        }

        if (metadata.DefaultMaxAge is { } age && (age is < 0 or > int.MaxValue || age != Math.Floor(age)))
        {
            yield return new("default_max_age", "This must be a whole number of seconds.");
        }
    }

    /// <summary>The sector of a client with pairwise subjects (OpenID Connect Core §8.1).</summary>
    public static string SectorOf(ClientMetadata metadata) =>
        (metadata.SectorIdentifierUri is { } document ? new Uri(document).Host : HostsOf(metadata.RedirectUris).First()).ToLowerInvariant();

    // Every app on every device shares the loopback address, and a private scheme has no host at all.
    private static bool IsSomebodys(string host) =>
        host.Length > 0 && host != "localhost" && !(IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static IEnumerable<string> HostsOf(IEnumerable<string> uris) =>
        uris.Select(uri => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) ? parsed.Host : uri).Distinct(StringComparer.OrdinalIgnoreCase);
}
