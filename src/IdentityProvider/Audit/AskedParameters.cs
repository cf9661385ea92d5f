using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Audit;

/// <summary>
/// What a request asked, as far as it may be kept: a closed list of parameters, words of the protocol only as words of the protocol, and of all
/// others that they came along. A name that somebody typed, a state, a code, a token, a secret is never among the values.
/// </summary>
internal static class AskedParameters
{
    private const int LongestValue = 200;
    private const int LongestAltogether = 1400;

    private static readonly JsonSerializerOptions json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Parameters with a vocabulary: anything else in them is what does not belong there.</summary>
    private static readonly Dictionary<string, HashSet<string>> words = new(StringComparer.Ordinal)
    {
        [Parameters.ResponseType] = [ResponseTypes.Code, ResponseTypes.IdToken, ResponseTypes.Token, ResponseTypes.None],
        [Parameters.ResponseMode] = [ResponseModes.Query, ResponseModes.Fragment, ResponseModes.FormPost, "query.jwt", "fragment.jwt", "form_post.jwt", "jwt"],
        [Parameters.GrantType] =
        [
            GrantTypes.AuthorizationCode, GrantTypes.RefreshToken, GrantTypes.ClientCredentials, GrantTypes.DeviceCode, GrantTypes.TokenExchange,
            GrantTypes.Implicit, GrantTypes.Password, "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:openid:params:grant-type:ciba",
        ],
        [Parameters.Prompt] = [PromptValues.None, PromptValues.Login, PromptValues.Consent, PromptValues.SelectAccount, "create"],
        [Parameters.Display] = ["page", "popup", "touch", "wap"],
        [Parameters.CodeChallengeMethod] = [CodeChallengeMethods.Plain, CodeChallengeMethods.Sha256],
        [Parameters.TokenTypeHint] = [TokenTypeHints.AccessToken, TokenTypeHints.RefreshToken, "id_token"],
        [Parameters.ClientAssertionType] = [ClientAssertionTypes.JwtBearer],
        [Parameters.SubjectTokenType] = tokenTypes,
        [Parameters.ActorTokenType] = tokenTypes,
        [Parameters.RequestedTokenType] = tokenTypes,
    };

    private static HashSet<string> tokenTypes =>
    [
        TokenTypeIdentifiers.AccessToken, TokenTypeIdentifiers.IdentityToken, TokenTypeIdentifiers.RefreshToken,
        "urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:saml1", "urn:ietf:params:oauth:token-type:saml2",
    ];

    private static readonly string[] shown =
    [
        Parameters.Scope, Parameters.RedirectUri, Parameters.PostLogoutRedirectUri, Parameters.Resource, Parameters.Audience, Parameters.AcrValues,
        Parameters.MaxAge, Parameters.UiLocales,
    ];

    /// <summary>Kept by name only. A name that is not known could itself be what somebody pasted.</summary>
    private static readonly string[] named =
    [
        Parameters.State, Parameters.Nonce, Parameters.LoginHint, Parameters.IdTokenHint, Parameters.Claims, Parameters.Request, Parameters.RequestUri,
        Parameters.Registration, Parameters.CodeChallenge, Parameters.Code, Parameters.CodeVerifier, Parameters.RefreshToken, Parameters.AccessToken,
        Parameters.Token, Parameters.DeviceCode, Parameters.UserCode, Parameters.SubjectToken, Parameters.ActorToken, Parameters.ClientSecret,
        Parameters.ClientAssertion, Parameters.Assertion, Parameters.Username, Parameters.Password,
    ];

    private static readonly string[] schemes = ["Basic", "Bearer", "DPoP"];

    public static string Describe(HttpContext http, OpenIddictRequest? request)
    {
        var asked = new Dictionary<string, string>(StringComparer.Ordinal) { ["method"] = DecisionText.Printable(http.Request.Method, 10) };
        if (http.Request.ContentType is { } type)
        {
            asked["content_type"] = DecisionText.Safe(type.Split(';')[0].Trim(), 60);
        }

        if (http.Request.Headers.Authorization.ToString() is { Length: > 0 } header)
        {
            asked["authorization"] = schemes.FirstOrDefault(scheme => header.StartsWith(scheme + " ", StringComparison.OrdinalIgnoreCase)) ?? "(another scheme)";
        }

        var left = LongestAltogether;
        foreach (var (name, value) in Values(request))
        {
            var fitting = DecisionText.Safe(value, Math.Min(LongestValue, left));
            left -= fitting.Length;
            asked[name] = fitting;
        }

        if (request is not null && named.Where(request.HasParameter).ToList() is { Count: > 0 } also)
        {
            asked["also_sent"] = string.Join(' ', also);
        }

        return JsonSerializer.Serialize(asked, json);
    }

    public static IReadOnlyDictionary<string, string> Read(string? text) =>
        text is null ? new Dictionary<string, string>() : JsonSerializer.Deserialize<Dictionary<string, string>>(text, json)!;

    private static IEnumerable<(string Name, string Value)> Values(OpenIddictRequest? request)
    {
        if (request is null)
        {
            yield break;
        }

        foreach (var (name, known) in words)
        {
            if ((string?)request[name] is { Length: > 0 } value)
            {
                yield return (name, value.Length < 200 && value.Split(' ').All(known.Contains) ? value : "(not a known value)");
            }
        }

        foreach (var name in shown)
        {
            if ((ImmutableArray<string?>?)request[name] is { Length: > 0 } values)
            {
                yield return (name, string.Join(' ', values.Take(10)));
            }
        }
    }
}
