using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>What implicit and hybrid requests are refused and given: OpenID Connect Core §3.2, §3.3. Checklist rows AZ7 to AZ9, AZ13, AZ14, AZ51 to AZ55.</summary>
public sealed class FrontChannelTests(SharedProviders providers)
{
    // AZ9: OpenID Connect Core §3.2.2.1, §3.3.2.11
    [Theory]
    [OnEachDatabase("id_token")]
    [OnEachDatabase("id_token token")]
    [OnEachDatabase("code id_token")]
    [OnEachDatabase("token code id_token")]
    public async Task An_id_token_through_the_browser_needs_a_nonce(TestDatabase database, string responseType)
    {
        var hybrid = await FrontChannelClients.HybridAsync(await providers.OnAsync(database));

        Assert.Equal("invalid_request", await RefusedAsync(hybrid, Request(hybrid, responseType, parameters => parameters.Remove("nonce"))));
    }

    // AZ7, AZ8: OpenID Connect Core §3.1.2.1, §3.3.2.11
    [Theory]
    [OnEachDatabase("code")]
    [OnEachDatabase("code token")]
    public async Task Where_no_id_token_comes_through_the_browser_the_nonce_may_be_left_out(TestDatabase database, string responseType)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        var request = Request(hybrid, responseType, parameters => parameters.Remove("nonce"));

        var tokens = (await hybrid.ExchangeAsync(request.CodeFrom(await AuthorizeAsync(hybrid, request)), request)).OrFail();

        await IdTokenCheck.CheckAsync(host, tokens.IdToken, new(hybrid.ClientId, "RS256", Nonce: null, tokens.AccessToken));
    }

    // AZ53: OAuth 2.0 Multiple Response Type Encoding Practices §3, §5. Not even the error comes in the query: the client does not look there.
    [Theory]
    [OnEachDatabase("id_token")]
    [OnEachDatabase("id_token token")]
    [OnEachDatabase("code id_token")]
    [OnEachDatabase("code token")]
    [OnEachDatabase("code id_token token")]
    public async Task Tokens_never_come_in_the_query(TestDatabase database, string responseType)
    {
        var hybrid = await FrontChannelClients.HybridAsync(await providers.OnAsync(database));

        Assert.Equal("invalid_request", await RefusedAsync(hybrid, Request(hybrid, responseType, parameters => parameters["response_mode"] = "query")));
        Assert.Equal("invalid_request", await RefusedAsync(hybrid, Request(hybrid, responseType, parameters => parameters["response_mode"] = "made-up")));
    }

    // AZ14: RFC 6749 §4.2.2.1
    [Theory]
    [OnEachDatabase(Shop, "id_token")]
    [OnEachDatabase(Shop, "id_token token")]
    [OnEachDatabase(Shop, "code id_token")]
    [OnEachDatabase(Shop, "code token")]
    [OnEachDatabase(Shop, "code id_token token")]
    [OnEachDatabase(Shop, "token")]
    [OnEachDatabase("hybrid", "token")]
    [OnEachDatabase("implicit", "code id_token")]
    [OnEachDatabase("implicit", "code token")]
    public async Task A_response_type_that_the_client_did_not_register_is_refused(TestDatabase database, string clientId, string responseType)
    {
        var host = await providers.OnAsync(database);
        var client = clientId switch
        {
            Shop => host.RelyingParty(Shop),
            "hybrid" => await FrontChannelClients.HybridAsync(host),
            _ => await FrontChannelClients.ImplicitAsync(host),
        };

        Assert.Contains(await RefusedAsync(client, Request(client, responseType)), new[] { "unauthorized_client", "unsupported_response_type" });
    }

    [Theory, OnEachDatabase] // AZ14: the code flow's errors stay in the query
    public async Task A_client_without_codes_is_refused_one(TestDatabase database)
    {
        var implicitly = await FrontChannelClients.ImplicitAsync(await providers.OnAsync(database));
        var request = implicitly.NewRequest();
        using var browser = implicitly.Node.NewBrowser();

        var page = await browser.OpenAsync(request.Url);

        Assert.Equal("unauthorized_client", request.ErrorFrom(page));
        Assert.Equal("", page.Location!.Fragment);
    }

    [Theory, OnEachDatabase("id_token", "orders"), OnEachDatabase("code id_token token", "orders")] // OpenID Connect Core §3.1.2.1
    public async Task An_id_token_is_not_given_without_openid(TestDatabase database, string responseType, string scope)
    {
        var hybrid = await FrontChannelClients.HybridAsync(await providers.OnAsync(database));

        Assert.Equal("invalid_request", await RefusedAsync(hybrid, Request(hybrid, responseType, parameters => parameters["scope"] = scope)));
    }

    // AZ59: RFC 7636 is about codes, wherever they come from.
    [Theory]
    [OnEachDatabase("code id_token")]
    [OnEachDatabase("code token")]
    public async Task A_code_needs_PKCE_also_in_a_hybrid_flow(TestDatabase database, string responseType)
    {
        var hybrid = await FrontChannelClients.HybridAsync(await providers.OnAsync(database));

        Assert.Equal("invalid_request", await RefusedAsync(hybrid, Request(hybrid, responseType, WithoutChallenge)));
    }

    // AZ13, AZ54, AZ55: the answer has exactly what the response type names; DI5: each advertised one works.
    [Theory]
    [OnEachDatabase("id_token", "id_token")]
    [OnEachDatabase("id_token token", "access_token expires_in id_token scope token_type")]
    [OnEachDatabase("token id_token", "access_token expires_in id_token scope token_type")]
    [OnEachDatabase("code id_token", "code id_token")]
    [OnEachDatabase("id_token code", "code id_token")]
    [OnEachDatabase("code token", "access_token code expires_in scope token_type")]
    [OnEachDatabase("token code", "access_token code expires_in scope token_type")]
    [OnEachDatabase("code id_token token", "access_token code expires_in id_token scope token_type")]
    [OnEachDatabase("token id_token code", "access_token code expires_in id_token scope token_type")]
    public async Task The_answer_comes_in_the_fragment_with_what_was_asked_for(TestDatabase database, string responseType, string members)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        var request = Request(hybrid, responseType);

        var page = await AuthorizeAsync(hybrid, request);

        Assert.Equal("", page.Location!.Query);
        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        var answer = request.AnswerFrom(page);
        Assert.Equal(members.Split(' ').Concat(["iss", "state"]).Order(StringComparer.Ordinal), answer.Keys.Order(StringComparer.Ordinal));
        var (accessToken, code, idToken) = (answer.GetValueOrDefault("access_token"), answer.GetValueOrDefault("code"), answer.GetValueOrDefault("id_token"));
        if (accessToken is not null)
        {
            Assert.Equal("Bearer", answer["token_type"]);
            Assert.InRange(int.Parse(answer["expires_in"]), 890, 900);
            Assert.Equal("alice-subject", (await hybrid.UserInfoAsync(accessToken)).OrFail()["sub"]);
        }

        if (idToken is not null)
        {
            await IdTokenCheck.CheckAsync(host, idToken, new(hybrid.ClientId, "RS256", request.Nonce, accessToken, code) { Subject = "alice-subject" });
        }

        if (code is not null)
        {
            // OpenID Connect Core §3.3.3.6: the second id_token says the same of the person.
            var tokens = (await hybrid.ExchangeAsync(code, request)).OrFail();
            var claims = await IdTokenCheck.CheckAsync(host, tokens.IdToken,
                new(hybrid.ClientId, "RS256", request.Nonce, tokens.AccessToken) { Subject = "alice-subject" });
            if (idToken is not null)
            {
                Assert.Equal(Wire.ClaimsOf(idToken).GetProperty("sid").GetString(), claims.GetProperty("sid").GetString());
                Assert.Equal(Wire.ClaimsOf(idToken).GetProperty("auth_time").GetInt64(), claims.GetProperty("auth_time").GetInt64());
            }
        }
    }

    [Theory, OnEachDatabase] // DI5: OpenID Connect Discovery §3
    public async Task Every_advertised_response_type_works_in_every_mode_it_may_have(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        var document = await host.Http.GetFromJsonAsync<JsonElement>(".well-known/openid-configuration");

        foreach (var responseType in Values("response_types_supported"))
        {
            foreach (var responseMode in Values("response_modes_supported").Where(mode => mode != "query" || responseType == "code"))
            {
                var request = Request(hybrid, responseType, parameters => parameters["response_mode"] = responseMode);

                var page = await AuthorizeAsync(hybrid, request);

                var answer = responseMode == "form_post" ? Fields(page) : request.AnswerFrom(page);
                Assert.False(answer.ContainsKey("error"), $"{responseType} by {responseMode}: {page}");
                Assert.Equal(responseMode == "query", page.Location?.Query.Length > 0);
            }
        }

        IEnumerable<string> Values(string member) => document.GetProperty(member).EnumerateArray().Select(value => value.GetString()!);
    }

    [Theory, OnEachDatabase] // AZ54: RFC 9700 §2.1.1 wants PKCE for codes; there is none here
    public async Task A_browser_app_gets_an_id_token_without_a_code(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var implicitly = await FrontChannelClients.ImplicitAsync(host);
        var request = Request(implicitly, "id_token token");

        var answer = request.AnswerFrom(await AuthorizeAsync(implicitly, request));

        await IdTokenCheck.CheckAsync(host, answer["id_token"], new(implicitly.ClientId, "RS256", request.Nonce, answer["access_token"]));
    }

    // AZ51, AZ52: OAuth 2.0 Form Post Response Mode
    [Theory]
    [OnEachDatabase("id_token token")]
    [OnEachDatabase("code id_token")]
    [OnEachDatabase("code id_token token")]
    public async Task Tokens_and_errors_can_be_posted_to_the_client(TestDatabase database, string responseType)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        var request = Request(hybrid, responseType, parameters => parameters["response_mode"] = "form_post");
        var wrong = Request(hybrid, responseType, parameters => (parameters["response_mode"], parameters["scope"]) = ("form_post", "openid made-up"));

        var page = await AuthorizeAsync(hybrid, request);
        var refused = await AuthorizeAsync(hybrid, wrong);

        var fields = Fields(page);
        Assert.Equal((request.State, host.Issuer), (fields["state"], fields["iss"]));
        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        await IdTokenCheck.CheckAsync(host, fields["id_token"],
            new(hybrid.ClientId, "RS256", request.Nonce, fields.GetValueOrDefault("access_token"), fields.GetValueOrDefault("code")));
        Assert.Equal(("invalid_scope", wrong.State), (Fields(refused)["error"], Fields(refused)["state"]));
        Assert.DoesNotContain("id_token", Fields(refused).Keys);
    }

    // AZ48, AZ52, AZ54, AZ55: a person in between changes nothing about where the answer goes.
    [Theory]
    [OnEachDatabase("id_token token", null)]
    [OnEachDatabase("code id_token token", null)]
    [OnEachDatabase("code id_token", "form_post")]
    public async Task A_person_may_cancel_or_deny(TestDatabase database, string responseType, string? responseMode)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var request = Request(hybrid, responseType, parameters =>
        {
            if (responseMode is not null)
            {
                parameters["response_mode"] = responseMode;
            }
        });

        var login = await browser.OpenAsync(request.Url);
        var cancelled = await browser.PressAndFollowAsync(login, "login-cancel");
        var consent = await browser.SignInAsync(await browser.OpenAsync(request.Url), person.UserName, person.Password);
        var denied = await browser.PressAndFollowAsync(consent, "consent-deny");

        foreach (var page in new[] { cancelled, denied })
        {
            var answer = responseMode is null ? request.AnswerFrom(page) : Fields(page);
            Assert.Equal("access_denied", answer["error"]);
            Assert.Equal(request.State, answer["state"]);
            Assert.Empty(answer.Keys.Except(["error", "error_description", "state", "iss"]));
            Assert.Equal("", page.Location?.Query ?? "");
        }
    }

    [Theory, OnEachDatabase("id_token"), OnEachDatabase("code id_token token")] // AZ26
    public async Task Silent_errors_come_in_the_fragment_too(TestDatabase database, string responseType)
    {
        var hybrid = await FrontChannelClients.HybridAsync(await providers.OnAsync(database));

        Assert.Equal("login_required", await RefusedAsync(hybrid, Request(hybrid, responseType, parameters => parameters["prompt"] = "none")));
    }

    [Theory, OnEachDatabase("code code"), OnEachDatabase("id_token id_token"), OnEachDatabase("code id_token code"), OnEachDatabase("none"), OnEachDatabase("code none"),
     OnEachDatabase("token foo")]
    public async Task Odd_response_types_are_answered_one_way_or_another(TestDatabase database, string responseType)
    {
        var hybrid = await FrontChannelClients.HybridAsync(await providers.OnAsync(database));
        var request = Request(hybrid, responseType);

        var page = await AuthorizeAsync(hybrid, request);

        var answer = request.AnswerFrom(page);
        Assert.True(answer.ContainsKey("error") || answer.ContainsKey("code") || answer.ContainsKey("id_token"), page.ToString());
        Assert.True(!answer.ContainsKey("id_token") || page.Location!.Query == "", page.ToString());
    }

    private static AuthorizationRequest Request(RelyingParty client, string responseType, Action<Dictionary<string, string>>? change = null) =>
        client.NewRequest("openid", parameters =>
        {
            parameters["response_type"] = responseType;
            if (!responseType.Split(' ').Contains("code"))
            {
                WithoutChallenge(parameters);
            }

            change?.Invoke(parameters);
        });

    private static void WithoutChallenge(Dictionary<string, string> parameters)
    {
        parameters.Remove("code_challenge");
        parameters.Remove("code_challenge_method");
    }

    private static async Task<Page> AuthorizeAsync(RelyingParty client, AuthorizationRequest request)
    {
        using var browser = client.Node.NewBrowser();
        return await browser.AuthorizeAsync(request, Alice, AlicePassword);
    }

    /// <summary>The error, after checking that it came in the fragment and alone.</summary>
    private static async Task<string> RefusedAsync(RelyingParty client, AuthorizationRequest request)
    {
        using var browser = client.Node.NewBrowser();
        var page = await browser.OpenAsync(request.Url);
        Assert.True(page.Status is HttpStatusCode.Found or HttpStatusCode.SeeOther, page.ToString());
        Assert.Equal("", page.Location!.Query);
        var answer = request.AnswerFrom(page);
        Assert.Empty(answer.Keys.Except(["error", "error_description", "state", "iss"]));
        Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]*$", answer.GetValueOrDefault("error_description") ?? "");
        return answer["error"];
    }

    private static Dictionary<string, string> Fields(Page page) => page.Document.QuerySelector("form")!.QuerySelectorAll("input[name]")
        .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!);
}
