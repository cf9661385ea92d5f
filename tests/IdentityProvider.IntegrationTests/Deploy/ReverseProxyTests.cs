using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using IdentityProvider.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace IdentityProvider.IntegrationTests.Deploy;

/// <summary>The provider behind nginx, configured by the example.</summary>
[Collection(nameof(PublishedHost))]
public sealed class ReverseProxyTests(PublishedHost published)
{
    private const string Client = StandardDeclaration.Portal;
    private const string ClientSecret = "portal-secret-00000000000000000000000000000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_signs_in_over_https_while_the_provider_speaks_http()
    {
        await using var nginx = await NginxInFront.StartAsync(published);
        using var browser = nginx.Caller("127.0.0.1");
        var verifier = Wire.RandomText();

        var toLogin = await browser.GetAsync("/connect/authorize?" + Wire.QueryOf(new Dictionary<string, string>
        {
            ["client_id"] = Client,
            ["response_type"] = "code",
            ["redirect_uri"] = StandardDeclaration.RedirectUri,
            ["scope"] = "openid",
            ["code_challenge"] = Wire.ChallengeOf(verifier),
            ["code_challenge_method"] = "S256",
        }), Token);
        Assert.StartsWith(NginxInFront.Issuer + "/login", Absolute(toLogin), StringComparison.Ordinal);
        var page = await browser.GetAsync(Absolute(toLogin), Token);
        var signedIn = await browser.SendAsync(await FilledInAsync(page), Token);
        var back = await browser.GetAsync(Absolute(signedIn), Token);

        Assert.StartsWith(StandardDeclaration.RedirectUri + "?", Absolute(back), StringComparison.Ordinal);
        var answer = Wire.ParseQuery(back.Headers.Location!.Query);
        Assert.Equal(NginxInFront.Issuer, answer["iss"]);
        string[] cookies = [.. Cookies(toLogin), .. Cookies(page), .. Cookies(signedIn)];
        Assert.Contains(cookies, cookie => cookie.StartsWith("__Host-idp.session=", StringComparison.Ordinal));
        Assert.All(cookies, cookie =>
        {
            Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("path=/;", cookie + ";", StringComparison.OrdinalIgnoreCase);
        });

        var tokens = await ExchangeAsync(browser, answer["code"], verifier);
        Assert.Equal(NginxInFront.Issuer, Wire.ClaimsOf(tokens.GetProperty("id_token").GetString()!).GetProperty("iss").GetString());
    }

    [Fact]
    public async Task Every_address_in_discovery_is_public_and_security_headers_come_once()
    {
        await using var nginx = await NginxInFront.StartAsync(published);
        using var caller = nginx.Caller("127.0.0.1");

        var discovery = await caller.GetFromJsonAsync<JsonElement>("/.well-known/openid-configuration", Token);
        var page = await caller.GetAsync("/login", Token);
        var plain = await caller.GetAsync("http://login.example.com/login?a=b", Token);
        var tooLarge = await caller.PostAsync("/connect/token", new StringContent(new string('a', 300_000)), Token);

        var addresses = discovery.EnumerateObject()
            .Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name is "issuer" or "jwks_uri")
            .Select(member => member.Value.GetString()!)
            .ToList();
        Assert.True(addresses.Count > 5);
        Assert.All(addresses, address => Assert.StartsWith(NginxInFront.Issuer, address, StringComparison.Ordinal));
        Assert.Equal("max-age=31536000", Assert.Single(page.Headers.GetValues("Strict-Transport-Security")));
        Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal((HttpStatusCode.MovedPermanently, "https://login.example.com/login?a=b"), (plain.StatusCode, plain.Headers.Location!.AbsoluteUri));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
    }

    [Fact]
    public async Task The_caller_s_address_is_what_nginx_saw_and_never_what_the_caller_claims()
    {
        await using var nginx = await NginxInFront.StartAsync(published);
        using var honest = nginx.Caller("127.0.0.2");
        using var liar = nginx.Caller("127.0.0.3");
        using var intruder = nginx.DirectCaller("127.0.0.4");

        await GuessAsync(honest, "guess-of-honest", forwardedFor: null);
        await GuessAsync(liar, "guess-of-liar", forwardedFor: "203.0.113.9");
        await GuessAsync(intruder, "guess-of-intruder", forwardedFor: "203.0.113.9");

        await Eventually.TrueAsync(async () => (await RefusedAsync(nginx)).Count == 3);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["guess-of-honest"] = "127.0.0.2",
                ["guess-of-liar"] = "127.0.0.3",
                ["guess-of-intruder"] = "127.0.0.4",
            },
            await RefusedAsync(nginx));
    }

    private static async Task GuessAsync(HttpClient caller, string clientId, string? forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", clientId), new("client_secret", "guess")]),
        };
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        using var response = await caller.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    /// <summary>The addresses that the records of refusals have for refused clients.</summary>
    private static async Task<Dictionary<string, string>> RefusedAsync(NginxInFront nginx)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(nginx.State, "data", "identityprovider.db")};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT ClientId, RemoteAddress FROM DecisionRecords WHERE Error = 'invalid_client'";
        await using var rows = await command.ExecuteReaderAsync(Token);
        Dictionary<string, string> addresses = [];
        while (await rows.ReadAsync(Token))
        {
            addresses.Add(rows.GetString(0), rows.GetString(1));
        }

        return addresses;
    }

    private static async Task<HttpRequestMessage> FilledInAsync(HttpResponseMessage page)
    {
        var url = page.RequestMessage!.RequestUri!;
        var document = new HtmlParser().ParseDocument(await page.Content.ReadAsStringAsync(Token));
        var form = (IHtmlFormElement)document.GetElementById("login-submit")!.Closest("form")!;
        var fields = form.Elements.OfType<IHtmlInputElement>()
            .Where(input => input is { Name.Length: > 0, Type: not "checkbox" })
            .ToDictionary(input => input.Name!, input => input.Value);
        fields["username"] = StandardDeclaration.Alice;
        fields["password"] = StandardDeclaration.AlicePassword;
        return new HttpRequestMessage(HttpMethod.Post, new Uri(url, form.GetAttribute("action") ?? url.PathAndQuery))
        {
            Content = new FormUrlEncodedContent(fields),
            Headers = { { "Origin", NginxInFront.Issuer } },
        };
    }

    private static async Task<JsonElement> ExchangeAsync(HttpClient caller, string code, string verifier)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "authorization_code"), new("code", code),
                new("redirect_uri", StandardDeclaration.RedirectUri), new("code_verifier", verifier),
            ]),
            Headers = { Authorization = AuthenticationHeaderValue.Parse(Wire.Basic(Client, ClientSecret)) },
        };
        using var response = await caller.SendAsync(request, Token);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private static string Absolute(HttpResponseMessage redirect)
    {
        Assert.True(redirect.Headers.Location is not null, redirect.ToString());
        return new Uri(redirect.RequestMessage!.RequestUri!, redirect.Headers.Location).AbsoluteUri;
    }

    private static IEnumerable<string> Cookies(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [];
}
