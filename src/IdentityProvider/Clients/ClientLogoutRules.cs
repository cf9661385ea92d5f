using IdentityProvider.Protocol;

namespace IdentityProvider.Clients;

/// <summary>What a registration may say of how the client hears that a session has ended.</summary>
internal static class ClientLogoutRules
{
    public static IEnumerable<MetadataProblem> Check(ClientMetadata metadata, bool isDevelopment)
    {
        foreach (var (member, value) in new (string, string?)[]
        {
            ("backchannel_logout_uri", metadata.BackChannelLogoutUri), ("frontchannel_logout_uri", metadata.FrontChannelLogoutUri),
        })
        {
            // Back-Channel Logout §2.2, Front-Channel Logout §2: absolute, no fragment, a query is kept.
            if (value is not null && (!ClientRules.IsLink(value, isDevelopment) || value.Contains('#', StringComparison.Ordinal) || value.Length > 2048))
            {
                yield return new(member, "This must be an absolute https address without a fragment.");
            }
        }

        // Front-Channel Logout §2: scheme, host and port of a redirect URI. Whoever else would be loaded in a frame of our page.
        if (metadata.FrontChannelLogoutUri is { } front && !ClientOrigins.Of([front]).All(ClientOrigins.Of(metadata.RedirectUris).Contains))
        {
            yield return new("frontchannel_logout_uri", "Scheme, host and port must be those of a redirect URI.");
        }
    }
}
