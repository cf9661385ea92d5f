using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityProvider.Sandbox.Google;

/// <summary>What an access token lets its bearer read.</summary>
internal sealed record GoogleAccess(GooglePerson Person, IReadOnlyList<string> Scopes);

/// <summary>A good answer of the token endpoint (RFC 6749 section 5.1, OpenID Connect Core 3.1.3.3).</summary>
internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("scope")] string Scope,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("id_token")] string? IdToken);

/// <summary>A refusal of the token endpoint (RFC 6749 section 5.2).</summary>
internal sealed record TokenError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description);

/// <summary>Exchanges a code for tokens, once.</summary>
internal sealed class TokenEndpoint(
    GoogleSettings settings, Issued<AuthorizationCode> codes, Issued<GoogleAccess> accessTokens, IdTokens idTokens)
{
    public static TimeSpan AccessTokenLifetime { get; } = TimeSpan.FromHours(1);

    public async Task<IResult> ExchangeAsync(HttpContext http, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!http.Request.HasFormContentType)
        {
            return Refuse("invalid_request", "The body has to be a form.");
        }

        var form = await http.Request.ReadFormAsync(cancellationToken);
        if (!IsClient(http.Request, form))
        {
            http.Response.Headers.WWWAuthenticate = "Basic";
            return Refuse("invalid_client", "The client is unknown or its secret is wrong.", StatusCodes.Status401Unauthorized);
        }

        if (form["grant_type"] != "authorization_code")
        {
            return Refuse("unsupported_grant_type", "Only authorization_code is supported.");
        }

        // Taken before it is checked: a code that was shown with the wrong verifier or address is burnt.
        if (codes.Take(form["code"].ToString()) is not { } code)
        {
            return Refuse("invalid_grant", "The code is unknown, was used, or has expired.");
        }

        if (code.Request.RedirectUri != form["redirect_uri"])
        {
            return Refuse("invalid_grant", "The redirect URI is not the one of the authorization request.");
        }

        if (!Proves(form["code_verifier"], code.Request.CodeChallenge))
        {
            return Refuse("invalid_grant", "The code verifier does not match the code challenge.");
        }

        var accessToken = accessTokens.Issue(new GoogleAccess(code.Person, code.Request.Scopes));
        return Results.Json(new TokenResponse(
            accessToken,
            (int)AccessTokenLifetime.TotalSeconds,
            string.Join(' ', code.Request.Scopes),
            "Bearer",
            code.Request.AsksFor("openid") ? idTokens.Create(code, accessToken) : null));
    }

    private bool IsClient(HttpRequest request, IFormCollection form)
    {
        var (clientId, secret) = BasicCredentials(request) ?? (form["client_id"].ToString(), form["client_secret"].ToString());
        return clientId == settings.ClientId
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(settings.ClientSecret));
    }

    // RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
    private static (string ClientId, string Secret)? BasicCredentials(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            || !"Basic".Equals(header.Scheme, StringComparison.OrdinalIgnoreCase)
            || header.Parameter is null)
        {
            return null;
        }

        var buffer = new byte[header.Parameter.Length];
        return Convert.TryFromBase64String(header.Parameter, buffer, out var length)
            && Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2) is [var clientId, var secret]
                ? (FormDecode(clientId), FormDecode(secret))
                : null;
    }

    private static string FormDecode(string value) => Uri.UnescapeDataString(value.Replace('+', ' '));

    // RFC 7636 §4.6; a verifier without a challenge would hide a downgrade (RFC 9700 §4.8.2).
    private static bool Proves(string? verifier, string? challenge) => (verifier, challenge) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        _ => CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            Encoding.ASCII.GetBytes(challenge)),
    };

    private static IResult Refuse(string error, string description, int status = StatusCodes.Status400BadRequest) =>
        Results.Json(new TokenError(error, description), statusCode: status);
}
