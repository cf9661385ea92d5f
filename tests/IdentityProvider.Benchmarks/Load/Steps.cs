using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>The steps that operations consist of, each with the checks of its answer.</summary>
internal static partial class Steps
{
    /// <summary>Signs the person in through the login page.</summary>
    public static async Task SignInAsync(Connection browser)
    {
        browser.ClearCookies();
        var page = await browser.BrowseAsync("/login");
        page.Require(page.Status == HttpStatusCode.OK && page.Text.Contains("login-submit", StringComparison.Ordinal), "the login page");
        var form = HiddenFields(page.Text);
        form["username"] = browser.Person.UserName;
        form["password"] = browser.Person.Password;
        var answer = await browser.SubmitAsync("/login", form);
        answer.Require((int)answer.Status is 302 or 303 && browser.CookieCount > 0, "a redirect with a session cookie");
    }

    /// <summary>A new authorization request with PKCE, state and nonce.</summary>
    public static AuthorizationRequest NewRequest(string? prompt = null, RelyingParty? client = null)
    {
        client ??= RelyingParty.Portal;
        var verifier = Wire.RandomText();
        var request = new AuthorizationRequest(client, verifier, new()
        {
            ["client_id"] = client.ClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = Cast.RedirectUri,
            ["scope"] = Cast.Scope,
            ["state"] = Wire.RandomText(16),
            ["nonce"] = Wire.RandomText(16),
            ["code_challenge"] = Wire.ChallengeOf(verifier),
            ["code_challenge_method"] = "S256",
        });
        if (prompt is not null)
        {
            request.Parameters["prompt"] = prompt;
        }

        return request;
    }

    /// <summary>Pushes the request (RFC 9126); what comes back is opened in the browser instead of it.</summary>
    public static async Task<string> PushAsync(Connection connection, AuthorizationRequest request)
    {
        var answer = await connection.PostAsync(connection.Target.PushedAuthorization, request.Client.Authorization, [.. request.Parameters]);
        answer.Require(answer.Status == HttpStatusCode.Created || answer.Status == HttpStatusCode.OK, "201");
        using var json = JsonDocument.Parse(answer.Body);
        return Wire.Query(connection.Target.Authorization,
            [new("client_id", request.Client.ClientId), new("request_uri", json.RootElement.GetProperty("request_uri").GetString()!)]);
    }

    /// <summary>Opens the authorization endpoint and takes the code from the redirect.</summary>
    public static async Task<string> AuthorizeAsync(Connection browser, AuthorizationRequest request, string? address = null)
    {
        var answer = await browser.BrowseAsync(address ?? Wire.Query(browser.Target.Authorization, request.Parameters));
        var parameters = answer.RedirectTo(Cast.RedirectUri);
        answer.Require(parameters.GetValueOrDefault("state") == request.Parameters["state"], "the state");
        answer.Require(parameters.ContainsKey("code"), "a code");
        return parameters["code"];
    }

    public static async Task<Tokens> ExchangeAsync(Connection connection, AuthorizationRequest request, string code)
    {
        var answer = await connection.PostAsync(connection.Target.Token, request.Client.Authorization,
            new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", Cast.RedirectUri),
            new("code_verifier", request.Verifier));
        var tokens = TokensOf(connection, answer);
        answer.Require(Wire.Claims(tokens.IdentityToken).GetProperty("nonce").GetString() == request.Parameters["nonce"], "the nonce");
        return tokens;
    }

    public static async Task<Tokens> RefreshAsync(Connection connection, Tokens tokens)
    {
        var answer = await connection.PostAsync(connection.Target.Token, RelyingParty.Portal.Authorization,
            new("grant_type", "refresh_token"), new("refresh_token", tokens.RefreshToken));
        var next = TokensOf(connection, answer);
        answer.Require(next.RefreshToken != tokens.RefreshToken, "another refresh token");
        return next;
    }

    public static async Task UserInfoAsync(Connection connection, Tokens tokens)
    {
        var answer = await connection.GetWithTokenAsync(connection.Target.UserInfo, tokens.AccessToken);
        var claims = answer.Json();
        answer.Require(claims.GetProperty("sub").GetString() == connection.Person.Subject, "the sub");
        answer.Require(claims.GetProperty("email").GetString() == connection.Person.Email, "the email");
        answer.Require(claims.GetProperty("name").GetString() == connection.Person.Name, "the name");
    }

    /// <summary>The person's tokens for an application; the session must be there.</summary>
    public static async Task<Tokens> CodeFlowAsync(Connection connection, RelyingParty? client = null)
    {
        var request = NewRequest(client: client);
        return await ExchangeAsync(connection, request, await AuthorizeAsync(connection, request));
    }

    private static Tokens TokensOf(Connection connection, Answer answer)
    {
        var json = answer.Json();
        answer.Require(json.GetProperty("token_type").GetString() == "Bearer", "a Bearer token");
        var tokens = new Tokens(
            json.GetProperty("access_token").GetString()!,
            json.GetProperty("id_token").GetString()!,
            json.GetProperty("refresh_token").GetString()!);
        var claims = Wire.Claims(tokens.IdentityToken);
        answer.Require(claims.GetProperty("sub").GetString() == connection.Person.Subject, "the sub");
        answer.Require(claims.GetProperty("iss").GetString() == connection.Target.Issuer, "the iss");
        answer.Require(tokens.AccessToken.Length > 0 && tokens.RefreshToken.Length > 0, "tokens");
        return tokens;
    }

    // The hidden fields of the form with the password. Those that are disabled are not sent.
    private static Dictionary<string, string> HiddenFields(string page)
    {
        var end = page.IndexOf("login-submit", StringComparison.Ordinal);
        var start = page.LastIndexOf("<form", end, StringComparison.Ordinal);
        Dictionary<string, string> fields = [];
        foreach (Match input in Input().Matches(page[start..page.IndexOf("</form>", end, StringComparison.Ordinal)]))
        {
            if (input.Value.Contains("type=\"hidden\"", StringComparison.Ordinal) && !input.Value.Contains("disabled", StringComparison.Ordinal))
            {
                fields[Attribute(input.Value, "name")] = Attribute(input.Value, "value");
            }
        }

        return fields;
    }

    private static string Attribute(string tag, string name)
    {
        var start = tag.IndexOf(string.Create(CultureInfo.InvariantCulture, $" {name}=\""), StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }

        start += name.Length + 3;
        return WebUtility.HtmlDecode(tag[start..tag.IndexOf('"', start)]);
    }

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Input();
}

/// <summary>An authorization request, with the verifier that its client keeps.</summary>
internal sealed record AuthorizationRequest(RelyingParty Client, string Verifier, Dictionary<string, string> Parameters);
