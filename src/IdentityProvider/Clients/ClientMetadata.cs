using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using static OpenIddict.Abstractions.OpenIddictConstants;
using KnownGrantTypes = OpenIddict.Abstractions.OpenIddictConstants.GrantTypes;
using KnownResponseTypes = OpenIddict.Abstractions.OpenIddictConstants.ResponseTypes;

namespace IdentityProvider.Clients;

/// <summary>
/// What a client registered about itself, under the names of RFC 7591 §2 and OpenID Connect Dynamic Client Registration 1.0 §2,
/// and members of our own (<c>first_party</c>, <c>require_pkce</c>, <c>client_assertion_audience</c>, <c>token_exchange</c>). A member that was not registered has its default here.
/// </summary>
internal sealed record ClientMetadata
{
    public string? ClientName { get; init; }
    public string? ClientUri { get; init; }
    public string? LogoUri { get; init; }
    public string? PolicyUri { get; init; }
    public string? TosUri { get; init; }

    // The source generator sets an absent member to null and so loses initializers: defaults are given when read.
    public IReadOnlyList<string> Contacts { get => field ?? []; init; }
    public IReadOnlyList<string> RedirectUris { get => field ?? []; init; }
    public IReadOnlyList<string> PostLogoutRedirectUris { get => field ?? []; init; }
    public IReadOnlyList<string> GrantTypes { get => field ?? DefaultGrantTypes; init; }

    /// <summary><c>code</c> by default, or nothing for a client that has no grant to use it with. Words within one may come in any order.</summary>
    public IReadOnlyList<string> ResponseTypes
    {
        get => field ?? (GrantTypes.Contains(KnownGrantTypes.AuthorizationCode) ? DefaultResponseTypes : []);
        init;
    }

    /// <summary>What the client may ask for, separated by spaces. By default <c>openid</c>, where people sign in at all.</summary>
    public string Scope { get => field ?? (UsesAuthorizationEndpoint || GrantTypes.Contains(KnownGrantTypes.DeviceCode) ? KnownScopes.OpenId : ""); init; }

    public string TokenEndpointAuthMethod { get => field ?? ClientAuthenticationMethods.ClientSecretBasic; init; }

    /// <summary><c>web</c> or <c>native</c>.</summary>
    public string ApplicationType { get => field ?? ApplicationTypes.Web; init; }

    public string IdTokenSignedResponseAlg { get => field ?? Algorithms.RsaSha256; init; }

    /// <summary>Signs userinfo answers (OpenID Connect Core §5.3.2); null for plain JSON.</summary>
    [JsonPropertyName("userinfo_signed_response_alg")]
    public string? UserInfoSignedResponseAlg { get; init; }

    /// <summary>Signs introspection answers (RFC 9701 §6); null for plain JSON unless the request asks for a JWT.</summary>
    public string? IntrospectionSignedResponseAlg { get; init; }

    /// <summary>The one algorithm of the client's assertions (OpenID Connect Dynamic Client Registration §2); null for any that its keys allow.</summary>
    public string? TokenEndpointAuthSigningAlg { get; init; }

    /// <summary><c>public</c> or <c>pairwise</c> (OpenID Connect Core §8).</summary>
    public string SubjectType { get => field ?? SubjectTypes.Public; init; }

    /// <summary>A document that lists the redirect URIs of all clients of a sector (OpenID Connect Dynamic Client Registration §5).</summary>
    public string? SectorIdentifierUri { get; init; }

    /// <summary>The <c>max_age</c> of requests that name none, in seconds.</summary>
    public double? DefaultMaxAge { get; init; }

    /// <summary>Accepted because clients register it; every id_token has <c>auth_time</c>.</summary>
    public bool RequireAuthTime { get; init; }

    /// <summary>The <c>acr_values</c> of requests that name none.</summary>
    public IReadOnlyList<string> DefaultAcrValues { get => field ?? []; init; }

    /// <summary>Whether the client may only use requests that it pushed (RFC 9126 §6).</summary>
    [JsonPropertyName("require_pushed_authorization_requests")]
    public bool RequiresPushedRequests { get; init; }

    /// <summary>The client's own keys as a JWK Set (RFC 7517 §5).</summary>
    public JsonElement? Jwks { get; init; }

    /// <summary>Where the client publishes its keys; instead of <see cref="Jwks"/>.</summary>
    public string? JwksUri { get; init; }

    /// <summary>
    /// What a client assertion may name as its audience: <c>endpoint</c>, the issuer or the endpoint it is sent to, as most clients do;
    /// or <c>issuer</c> and nothing else, as FAPI 2.0 wants.
    /// </summary>
    public string ClientAssertionAudience { get => field ?? ClientAssertionAudiences.Endpoint; init; }

    /// <summary>What the client may do with other tokens (<see cref="ClientTokenExchange"/>).</summary>
    public JsonElement? TokenExchange { get; init; }

    /// <summary>Where the client is told that a session has ended (OpenID Connect Back-Channel Logout §2.2).</summary>
    [JsonPropertyName("backchannel_logout_uri")]
    public string? BackChannelLogoutUri { get; init; }

    /// <summary>Accepted because clients register it; every logout token has a <c>sid</c>.</summary>
    [JsonPropertyName("backchannel_logout_session_required")]
    public bool BackChannelLogoutSessionRequired { get; init; }

    /// <summary>A page of the client that its person's browser loads in a frame when a session has ended (OpenID Connect Front-Channel Logout §2).</summary>
    [JsonPropertyName("frontchannel_logout_uri")]
    public string? FrontChannelLogoutUri { get; init; }

    /// <summary>Accepted because clients register it; <c>iss</c> and <c>sid</c> always come along.</summary>
    [JsonPropertyName("frontchannel_logout_session_required")]
    public bool FrontChannelLogoutSessionRequired { get; init; }

    /// <summary>Whether authorization responses have a <c>session_state</c> that the client's pages can watch (OpenID Connect Session Management §2).</summary>
    [JsonPropertyName("session_management")]
    public bool UsesSessionManagement { get; init; }

    /// <summary>A client of the house: nobody is asked for consent.</summary>
    [JsonPropertyName("first_party")]
    public bool IsFirstParty { get; init; }

    /// <summary>Whether an authorization request without a code challenge is refused. True unless registered otherwise.</summary>
    public bool? RequirePkce { get; init; }

    [JsonIgnore]
    public bool RequiresPkce => RequirePkce ?? true;

    /// <summary>Whether the client has nothing to prove itself with (RFC 6749 §2.1).</summary>
    [JsonIgnore]
    public bool IsPublic => TokenEndpointAuthMethod == ClientAuthenticationMethods.None;

    /// <summary>Whether the client proves itself with a shared secret.</summary>
    [JsonIgnore]
    public bool UsesSecret => TokenEndpointAuthMethod is ClientAuthenticationMethods.ClientSecretBasic or ClientAuthenticationMethods.ClientSecretPost;

    /// <summary>What this server must be able to sign with for this client.</summary>
    [JsonIgnore]
    public IEnumerable<string> ResponseAlgorithms =>
        new[] { IdTokenSignedResponseAlg, UserInfoSignedResponseAlg, IntrospectionSignedResponseAlg }.OfType<string>();

    [JsonIgnore]
    public bool UsesAuthorizationEndpoint =>
        GrantTypes.Contains(KnownGrantTypes.AuthorizationCode) || GrantTypes.Contains(KnownGrantTypes.Implicit);

    /// <summary>The scope as a list: each name once, in the order of registration.</summary>
    [JsonIgnore]
    public IEnumerable<string> ScopeNames => Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal);

    private static IReadOnlyList<string> DefaultGrantTypes { get; } = [KnownGrantTypes.AuthorizationCode];

    private static IReadOnlyList<string> DefaultResponseTypes { get; } = [KnownResponseTypes.Code];

    /// <summary>Reads metadata whose members have the right kinds.</summary>
    public static ClientMetadata FromJson(string json) =>
        JsonSerializer.Deserialize(json, ClientMetadataJson.Default.ClientMetadata) ?? new ClientMetadata();

    /// <summary>Every member with its value, as it would have been registered.</summary>
    public JsonObject ToMembers() =>
        (JsonObject)JsonSerializer.SerializeToNode(this, ClientMetadataJson.Default.ClientMetadata)!;
}

/// <summary>The values of <c>client_assertion_audience</c>.</summary>
internal static class ClientAssertionAudiences
{
    public const string Endpoint = "endpoint";
    public const string Issuer = "issuer";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClientMetadata))]
internal sealed partial class ClientMetadataJson : JsonSerializerContext;
