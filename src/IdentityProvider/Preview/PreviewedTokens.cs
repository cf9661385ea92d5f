using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace IdentityProvider.Preview;

/// <summary>Whose tokens to look at beforehand.</summary>
/// <param name="Subject">The person's own subject; null for what the client gets when it acts for itself (RFC 6749 §4.4).</param>
/// <param name="ClientId">The client that would ask.</param>
/// <param name="Scopes">The scopes it would ask for; empty for all that it may ask for.</param>
/// <param name="Resource">The one API it would ask for (RFC 8707 §2); null for whatever the scopes open.</param>
internal sealed record PreviewRequest(string? Subject, string ClientId, IReadOnlyList<string> Scopes, string? Resource);

/// <summary>What a person or a client would get at this moment. Nothing in it is signed, and nothing of it works as a token.</summary>
internal sealed record PreviewedTokens
{
    private static readonly JsonSerializerOptions form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        // Nobody shows it as HTML, and at+jwt is to be read.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The person's own subject; null where a client acts for itself.</summary>
    public string? Subject { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Which grant would be used (RFC 6749 §1.3); null where that cannot be said.</summary>
    public string? GrantType { get; init; }

    /// <summary>The scopes that would be granted.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Why there would be no tokens; null when there would be.</summary>
    public PreviewedRefusal? Refusal { get; init; }

    /// <summary>What the person would be asked; null where nobody is there to ask.</summary>
    public PreviewedConsent? Consent { get; init; }

    public PreviewedToken? AccessToken { get; init; }

    public PreviewedToken? IdToken { get; init; }

    /// <summary>Whether a refresh token would come along.</summary>
    public bool RefreshToken { get; init; }

    /// <summary>The answer of the userinfo endpoint to the access token; null where it would be refused.</summary>
    public JsonObject? UserInfo { get; init; }

    /// <summary>The answers of the introspection endpoint, for each API that may ask.</summary>
    public IReadOnlyList<PreviewedIntrospection> Introspection { get; init; } = [];

    /// <summary>What is left out, and why, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, form);
}

/// <param name="Error">As the client would be told (RFC 6749 §4.1.2.1, §5.2).</param>
internal sealed record PreviewedRefusal(string Error, string? Description);

/// <param name="Asked">Whether the person would be asked, given what they allowed before.</param>
/// <param name="Reason">Why, or why not.</param>
/// <param name="Permissions">What they would read on the page or, where nobody is asked, would have read.</param>
internal sealed record PreviewedConsent(bool Asked, string Reason, IReadOnlyList<string> Permissions);

/// <param name="Header">As it would stand in the JWT; without the key, which is chosen when a token is signed.</param>
/// <param name="Claims">The whole payload. Identifiers and times are those of the preview.</param>
/// <param name="Lifetime">Seconds.</param>
internal sealed record PreviewedToken(JsonObject Header, JsonObject Claims, long Lifetime);

/// <param name="Resource">Which of the token's APIs asks.</param>
/// <param name="ClientId">The client by which it asks.</param>
internal sealed record PreviewedIntrospection(string Resource, string ClientId, JsonObject Answer);
