using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using static OpenIddict.Abstractions.OpenIddictConstants;
using KnownGrantTypes = OpenIddict.Abstractions.OpenIddictConstants.GrantTypes;
using KnownResponseTypes = OpenIddict.Abstractions.OpenIddictConstants.ResponseTypes;

namespace IdentityProvider.Clients;

/// <summary>
/// What a client registered about itself, under the names of RFC 7591 §2 and OpenID Connect Dynamic Client Registration 1.0 §2,
/// and two members of our own (<c>first_party</c>, <c>require_pkce</c>). A member that was not registered has its default here.
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

    /// <summary><c>code</c> by default, or nothing for a client that has no grant to use it with.</summary>
    public IReadOnlyList<string> ResponseTypes
    {
        get => field ?? (UsesAuthorizationEndpoint ? DefaultResponseTypes : []);
        init;
    }

    /// <summary>What the client may ask for, separated by spaces. By default <c>openid</c>, where people sign in at all.</summary>
    public string Scope { get => field ?? (UsesAuthorizationEndpoint ? KnownScopes.OpenId : ""); init; }

    public string TokenEndpointAuthMethod { get => field ?? ClientAuthenticationMethods.ClientSecretBasic; init; }

    /// <summary><c>web</c> or <c>native</c>.</summary>
    public string ApplicationType { get => field ?? ApplicationTypes.Web; init; }

    public string IdTokenSignedResponseAlg { get => field ?? Algorithms.RsaSha256; init; }

    /// <summary>The client's own keys as a JWK Set (RFC 7517 §5).</summary>
    public JsonElement? Jwks { get; init; }

    /// <summary>A client of the house: nobody is asked for consent.</summary>
    [JsonPropertyName("first_party")]
    public bool IsFirstParty { get; init; }

    /// <summary>Whether an authorization request without a code challenge is refused. True unless registered otherwise.</summary>
    public bool? RequirePkce { get; init; }

    [JsonIgnore]
    public bool RequiresPkce => RequirePkce ?? true;

    /// <summary>Whether the client has no secret to prove itself with (RFC 6749 §2.1).</summary>
    [JsonIgnore]
    public bool IsPublic => TokenEndpointAuthMethod == ClientAuthenticationMethods.None;

    [JsonIgnore]
    public bool UsesAuthorizationEndpoint => GrantTypes.Contains(KnownGrantTypes.AuthorizationCode);

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

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClientMetadata))]
internal sealed partial class ClientMetadataJson : JsonSerializerContext;
