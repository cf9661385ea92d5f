using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Clients;

/// <summary>
/// What a registration must be. Only what this server can do today is accepted:
/// a registration that is accepted and then does not work is found out by the client's users.
/// </summary>
internal static class ClientRules
{
    private const int LongestClientId = 100;
    private const int LongestName = 200;

    private static readonly string[] grantTypes =
    [
        GrantTypes.AuthorizationCode, GrantTypes.RefreshToken, GrantTypes.ClientCredentials, GrantTypes.Implicit, GrantTypes.DeviceCode, GrantTypes.TokenExchange,
    ];

    // OAuth 2.0 Multiple Response Type Encoding Practices; token alone is left out, as RFC 9700 §2.1.2 wants it.
    private static readonly string[] responseTypes =
    [
        "code", "id_token", "id_token token", "code id_token", "code token", "code id_token token",
    ];

    private static readonly string[] authMethods =
    [
        ClientAuthenticationMethods.ClientSecretBasic, ClientAuthenticationMethods.ClientSecretPost, ClientAuthenticationMethods.PrivateKeyJwt,
        ClientAuthenticationMethods.None,
    ];

    /// <summary>Everything that is wrong with a registration; paths are relative to it.</summary>
    /// <param name="hasSecret">Whether a secret is stored or comes with the registration.</param>
    /// <param name="scopes">The scopes that exist.</param>
    /// <param name="isDevelopment">Whether plain http is tolerated.</param>
    public static IEnumerable<MetadataProblem> Check(
        string clientId, ClientMetadata metadata, bool hasSecret, ScopeSet scopes, bool isDevelopment) =>
    [
        .. CheckIdentifier(clientId),
        .. CheckFlows(metadata),
        .. CheckAuthentication(metadata, hasSecret),
        .. CheckRedirects(metadata, isDevelopment),
        .. CheckScope(metadata, scopes),
        .. CheckPresentation(metadata, isDevelopment),
        .. ClientKeyRules.Check(metadata, isDevelopment),
        .. ClientSubjectRules.Check(metadata, isDevelopment),
        .. ClientLogoutRules.Check(metadata, isDevelopment),
        .. ClientTokenExchange.Check(metadata),
    ];

    /// <summary>Whether a client could be registered by this identifier: RFC 6749 appendix A.1, without the space, which nobody sees.</summary>
    public static bool CanBeIdentifier(string clientId) =>
        clientId.Length is > 0 and <= LongestClientId && clientId.All(character => character is > '\x20' and <= '\x7e');

    /// <summary>What is wrong with a secret somebody else made.</summary>
    public static IEnumerable<MetadataProblem> CheckSecret(string secret, bool isDevelopment)
    {
        if (secret.Length == 0 || secret.Any(character => character is < '\x20' or > '\x7e'))
        {
            // RFC 6749 appendix A.2
            yield return new("client_secret", "A secret consists of printable ASCII characters.");
        }
        else if (!isDevelopment && !ClientSecret.IsLongEnough(secret))
        {
            yield return new("client_secret",
                $"Outside Development a secret has at least {ClientSecret.Length} base64url characters, which is 256 random bits.");
        }
    }

    private static IEnumerable<MetadataProblem> CheckIdentifier(string clientId)
    {
        if (!CanBeIdentifier(clientId))
        {
            yield return new("client_id", $"A client_id has 1 to {LongestClientId} printable ASCII characters and no space.");
        }
    }

    private static IEnumerable<MetadataProblem> CheckFlows(ClientMetadata metadata)
    {
        foreach (var problem in CheckList("grant_types", metadata.GrantTypes, grantTypes))
        {
            yield return problem;
        }

        foreach (var (type, index) in metadata.ResponseTypes.Select((type, index) => (Words(type), index)))
        {
            if (!responseTypes.Any(known => Words(known).SetEquals(type)))
            {
                yield return new($"response_types[{index}]", $"This must be {OneOf(responseTypes)}.");
            }
        }

        // An API that only introspects needs no grant, but something to prove itself with.
        if (metadata.GrantTypes.Count == 0 && metadata.IsPublic)
        {
            yield return new("grant_types", "A client without a secret needs a grant type.");
        }

        // RFC 7591 §2.1: the two lists say the same thing twice and must agree.
        foreach (var (grantType, word) in new[] { (GrantTypes.AuthorizationCode, "code"), (GrantTypes.Implicit, "id_token or token") })
        {
            var has = metadata.GrantTypes.Contains(grantType);
            var uses = metadata.ResponseTypes.Select(Words).Any(type => type.Any(part => word.Split(" or ").Contains(part)));
            if (has && !uses)
            {
                yield return new("response_types", $"The grant type {grantType} needs a response type with {word}.");
            }
            else if (uses && !has)
            {
                yield return new("response_types", $"A response type with {word} needs the grant type {grantType}.");
            }
        }

        if (metadata.GrantTypes.Contains(GrantTypes.RefreshToken)
            && !metadata.GrantTypes.Contains(GrantTypes.AuthorizationCode) && !metadata.GrantTypes.Contains(GrantTypes.DeviceCode))
        {
            yield return new("grant_types", "The grant type refresh_token needs authorization_code or device_code: nothing else gives a refresh token.");
        }

        static HashSet<string> Words(string type) => type.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
    }

    private static IEnumerable<MetadataProblem> CheckAuthentication(ClientMetadata metadata, bool hasSecret)
    {
        if (!authMethods.Contains(metadata.TokenEndpointAuthMethod))
        {
            yield return new("token_endpoint_auth_method", $"This must be {OneOf(authMethods)}.");
        }
        else if (metadata.IsPublic)
        {
            if (hasSecret)
            {
                yield return new("client_secret", "A client whose token_endpoint_auth_method is none has no secret.");
            }

            // RFC 6749 §4.4; RFC 8693 §5 wants to know who exchanges.
            foreach (var grantType in new[] { GrantTypes.ClientCredentials, GrantTypes.TokenExchange }.Intersect(metadata.GrantTypes))
            {
                yield return new("grant_types", $"The grant type {grantType} is for clients that authenticate.");
            }

            if (!metadata.RequiresPkce)
            {
                // RFC 9700 §2.1.1
                yield return new("require_pkce", "A client without a secret must use PKCE.");
            }
        }
        else if (metadata.UsesSecret && !hasSecret)
        {
            yield return new("client_secret",
                "A secret is missing: give client_secret or client_secret_file, or set token_endpoint_auth_method to none.");
        }
        else if (!metadata.UsesSecret && hasSecret)
        {
            yield return new("client_secret", "A client that authenticates by its keys has no secret.");
        }
    }

    private static IEnumerable<MetadataProblem> CheckRedirects(ClientMetadata metadata, bool isDevelopment)
    {
        var isNative = metadata.ApplicationType == ApplicationTypes.Native;
        if (!isNative && metadata.ApplicationType != ApplicationTypes.Web)
        {
            yield return new("application_type", "This must be web or native.");
        }

        if (metadata.UsesAuthorizationEndpoint && metadata.RedirectUris.Count == 0)
        {
            yield return new("redirect_uris", "The grant types authorization_code and implicit need a redirect URI.");
        }

        foreach (var problem in CheckUris("redirect_uris", metadata.RedirectUris)
            .Concat(CheckUris("post_logout_redirect_uris", metadata.PostLogoutRedirectUris)))
        {
            yield return problem;
        }

        IEnumerable<MetadataProblem> CheckUris(string member, IReadOnlyList<string> uris) =>
            from index in Enumerable.Range(0, uris.Count)
            let fault = RedirectUriRules.FaultOf(uris[index], isNative, isDevelopment)
            where fault is not null
            select new MetadataProblem($"{member}[{index}]", fault);
    }

    private static IEnumerable<MetadataProblem> CheckScope(ClientMetadata metadata, ScopeSet scopes) =>
        from name in metadata.ScopeNames
        where !scopes.Contains(name)
        select new MetadataProblem("scope", $"There is no scope \"{name}\".");

    private static IEnumerable<MetadataProblem> CheckPresentation(ClientMetadata metadata, bool isDevelopment)
    {
        if (metadata.ClientName is { } name && (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl)))
        {
            yield return new("client_name", $"A name has 1 to {LongestName} visible characters.");
        }

        (string Member, string? Value)[] links =
        [
            ("client_uri", metadata.ClientUri), ("logo_uri", metadata.LogoUri),
            ("policy_uri", metadata.PolicyUri), ("tos_uri", metadata.TosUri),
        ];
        foreach (var (member, value) in links)
        {
            if (value is not null && !IsLink(value, isDevelopment))
            {
                yield return new(member, "This must be an absolute https address.");
            }
        }
    }

    internal static bool IsLink(string value, bool isDevelopment) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (isDevelopment && uri.Scheme == Uri.UriSchemeHttp))
        && uri.UserInfo.Length == 0;

    private static IEnumerable<MetadataProblem> CheckList(string member, IReadOnlyList<string> values, string[] known) =>
        from index in Enumerable.Range(0, values.Count)
        where !known.Contains(values[index])
        select new MetadataProblem($"{member}[{index}]", $"This must be {OneOf(known)}.");

    internal static string OneOf(IReadOnlyList<string> values) =>
        values.Count == 1 ? values[0] : $"{string.Join(", ", values.SkipLast(1))} or {values[^1]}";
}
