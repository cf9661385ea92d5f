using System.Text.Json;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>The <c>claims</c> parameter, <c>acr_values</c> and their registered defaults (OpenID Connect Core §5.5, §3.1.2.1). Checklist rows AZ44 to AZ47, UI13.</summary>
public sealed class RequestedClaimsTests(SharedProviders providers)
{
    private const string OneFactor = "urn:identityprovider:acr:1fa";

    // AZ46: a client may rely on what it asks for, so what cannot be read is refused
    [Theory]
    [OnEachDatabase("not json")]
    [OnEachDatabase("[]")]
    [OnEachDatabase("""{"userinfo":"name"}""")]
    [OnEachDatabase("""{"id_token":{"sub":{"value":7}}}""")]
    [OnEachDatabase("""{"id_token":{"name":{"essential":"yes"}}}""")]
    [OnEachDatabase("""{"id_token":{"sub":{"value":"a"},"sub":{"value":"b"}}}""")]
    public async Task Claims_that_cannot_be_read_are_refused(TestDatabase database, string claims)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var request = host.RelyingParty(Shop).NewRequest(change: Asking(claims));

        Assert.Equal("invalid_request", request.ErrorFrom(await browser.OpenAsync(request.Url)));
    }

    [Theory, OnEachDatabase] // AZ46
    public async Task Too_wisha_wish_is_refused(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var wish = host.RelyingParty(Shop).NewRequest(change: Asking($$$"""{"userinfo":{"{{{new string('x', 9000)}}}":null}}"""));
        // Kestrel takes a request line of 8 KB; a form may be longer.
        var page = await browser.FollowAsync(await browser.PostAsync(host.Issuer + "/connect/authorize", wish.Parameters));

        Assert.Equal("invalid_request", wish.ErrorFrom(page));
    }

    [Theory, OnEachDatabase] // AZ45, UI13
    public async Task A_claim_asked_for_at_userinfo_is_there_and_nowhere_else(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var tokens = await shop.SignInAsync(Alice, AlicePassword,
            change: Asking("""{"userinfo":{"name":{"essential":true},"email_verified":null,"unknown":{"essential":true}},"other":1}"""));
        var answer = (await shop.UserInfoAsync(tokens.AccessToken)).OrFail().Json;

        Assert.Equal(["email_verified", "name", "sub"], answer.EnumerateObject().Select(claim => claim.Name).Order(StringComparer.Ordinal));
        Assert.Equal("Alice Example", answer.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.True, answer.GetProperty("email_verified").ValueKind);
        Assert.False(Wire.ClaimsOf(tokens.IdToken).TryGetProperty("name", out _));
        AssertNothingInternal(tokens);
    }

    [Theory, OnEachDatabase("id_token token"), OnEachDatabase("code id_token token"), OnEachDatabase("code token")] // AZ45, UI13
    public async Task A_claim_asked_for_at_userinfo_is_there_whichever_flow_gave_the_token(TestDatabase database, string responseType)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        using var browser = host.NewBrowser();
        var person = await host.NewPersonAsync();
        var request = hybrid.NewRequest("openid", parameters =>
        {
            Asking("""{"userinfo":{"name":null}}""")(parameters);
            parameters["response_type"] = responseType;
            if (responseType == "id_token token")
            {
                parameters.Remove("code_challenge");
                parameters.Remove("code_challenge_method");
            }
        });

        var page = await browser.AuthorizeAsync(request, person);
        page = page.Has("consent-allow") ? await browser.PressAndFollowAsync(page, "consent-allow") : page;
        var answer = (await hybrid.UserInfoAsync(page.LocationFragment["access_token"])).OrFail();

        Assert.Equal("Pat Person", answer["name"]);
    }

    [Theory, OnEachDatabase] // AZ45, ID14
    public async Task A_claim_asked_for_in_the_id_token_is_there_and_in_those_of_refreshes_and_nowhere_else(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var tokens = await shop.SignInAsync(Alice, AlicePassword, change: Asking(
            """{"id_token":{"email":{"essential":true},"email_verified":null,"updated_at":null,"address":null,"birthdate":null}}"""));
        var refreshed = (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();
        var answer = (await shop.UserInfoAsync(refreshed.AccessToken)).OrFail().Json;

        foreach (var claims in new[] { Wire.ClaimsOf(tokens.IdToken), Wire.ClaimsOf(refreshed.IdToken) })
        {
            Assert.Equal("alice@example.com", claims.GetProperty("email").GetString());
            Assert.Equal(JsonValueKind.True, claims.GetProperty("email_verified").ValueKind);
            Assert.Equal(JsonValueKind.Number, claims.GetProperty("updated_at").ValueKind);
            Assert.Equal("Berlin", claims.GetProperty("address").GetProperty("locality").GetString());
            Assert.Equal("1990-04-01", claims.GetProperty("birthdate").GetString());
        }

        Assert.Equal(["sub"], answer.EnumerateObject().Select(claim => claim.Name));
        AssertNothingInternal(tokens);
        AssertNothingInternal(refreshed);
    }

    [Theory, OnEachDatabase] // ID14, DI9, AZ45: OpenID Connect Core §5.1
    public async Task Every_standard_claim_can_be_asked_for_in_either_place_and_has_its_type(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        Dictionary<string, JsonValueKind> kinds = new()
        {
            ["email_verified"] = JsonValueKind.True, ["phone_number_verified"] = JsonValueKind.True,
            ["updated_at"] = JsonValueKind.Number, ["address"] = JsonValueKind.Object,
        };
        string[] all =
        [
            "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "gender",
            "birthdate", "zoneinfo", "locale", "email", "phone_number", .. kinds.Keys,
        ];
        var asked = JsonSerializer.Serialize(all.ToDictionary(name => name, _ => (object?)null));

        var tokens = await shop.SignInAsync(Alice, AlicePassword, change: Asking($$"""{"userinfo":{{asked}},"id_token":{{asked}} }"""));
        var userInfo = (await shop.UserInfoAsync(tokens.AccessToken)).OrFail().Json;
        var idToken = Wire.ClaimsOf(tokens.IdToken);

        Assert.All(all, name => Assert.Equal(kinds.GetValueOrDefault(name, JsonValueKind.String), userInfo.GetProperty(name).ValueKind));
        Assert.All(all, name => Assert.True(JsonElement.DeepEquals(userInfo.GetProperty(name), idToken.GetProperty(name)), name));
    }

    [Theory, OnEachDatabase] // UI12, AZ45: essential or not, nobody has more than they have
    public async Task What_a_person_lacks_is_left_out_and_no_error(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var tokens = await shop.SignInAsync(Bob, BobPassword, change: Asking(
            """{"userinfo":{"birthdate":{"essential":true},"email":null},"id_token":{"birthdate":{"essential":true},"phone_number_verified":null}}"""));
        var answer = (await shop.UserInfoAsync(tokens.AccessToken)).OrFail().Json;

        Assert.Equal(["email", "sub"], answer.EnumerateObject().Select(claim => claim.Name).Order(StringComparer.Ordinal));
        Assert.False(Wire.ClaimsOf(tokens.IdToken).TryGetProperty("birthdate", out _));
        Assert.False(Wire.ClaimsOf(tokens.IdToken).TryGetProperty("phone_number_verified", out _));
    }

    [Theory, OnEachDatabase] // §5.5: by name, whatever the scope; without openid there is nothing to put them into
    public async Task Without_openid_nothing_is_asked_for_and_nothing_given(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        var shop = host.RelyingParty(Shop);
        using var browser = host.NewBrowser();
        var request = shop.NewRequest("orders", Asking("""{"userinfo":{"email":null}}"""));

        var consent = await browser.SignInAsync(await browser.OpenAsync(request.Url), person.UserName, person.Password);

        Assert.Equal(["Confirm who you are", "See and place your orders"], Permissions(consent));
    }

    [Theory, OnEachDatabase] // AZ24
    public async Task The_person_reads_what_is_asked_for_by_name_and_is_asked_again_for_more(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        var shop = host.RelyingParty(Shop);
        using var browser = host.NewBrowser();
        var first = shop.NewRequest("openid email", Asking("""{"userinfo":{"name":null,"email":null},"id_token":{"birthdate":null}}"""));

        var consent = await browser.SignInAsync(await browser.OpenAsync(first.Url), person.UserName, person.Password);
        Assert.Equal(["Confirm who you are", "See your email address", "See your name", "See your date of birth"], Permissions(consent));
        first.CodeFrom(await browser.PressAndFollowAsync(consent, "consent-allow"));

        var same = shop.NewRequest(change: Asking("""{"id_token":{"name":null}}""", "none"));
        same.CodeFrom(await browser.OpenAsync(same.Url));
        var silentlyMore = shop.NewRequest(change: Asking("""{"userinfo":{"name":null,"phone_number":null}}""", "none"));
        Assert.Equal("consent_required", silentlyMore.ErrorFrom(await browser.OpenAsync(silentlyMore.Url)));
        var more = await browser.OpenAsync(shop.NewRequest(change: Asking("""{"userinfo":{"name":null,"phone_number":null}}""")).Url);
        Assert.Equal(["Confirm who you are", "See your name", "See your phone number"], Permissions(more));
    }

    [Theory, OnEachDatabase]
    public async Task A_client_of_the_house_asks_nobody(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        await browser.SignInAsync(Alice, AlicePassword);
        var request = host.RelyingParty(Portal).NewRequest(change: Asking("""{"userinfo":{"birthdate":null}}""", "none"));

        Assert.NotEmpty(request.CodeFrom(await browser.OpenAsync(request.Url)));
    }

    [Theory, OnEachDatabase("id_token"), OnEachDatabase("userinfo")] // AZ47: §5.5.1
    public async Task A_request_about_somebody_is_answered_for_nobody_else(TestDatabase database, string member)
    {
        var host = await providers.OnAsync(database);
        var (person, other) = (await host.NewPersonAsync(), await host.NewPersonAsync());
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        string About(TestPerson who) => $$$$"""{"{{{{member}}}}":{"sub":{"value":"{{{{who.Subject}}}}"}}}""";

        var own = portal.NewRequest(change: Asking(About(person), "none"));
        own.CodeFrom(await browser.OpenAsync(own.Url));
        var silent = portal.NewRequest(change: Asking(About(other), "none"));
        Assert.Equal("login_required", silent.ErrorFrom(await browser.OpenAsync(silent.Url)));

        var wrong = portal.NewRequest(change: Asking(About(other)));
        var login = await browser.OpenAsync(wrong.Url);
        Assert.Equal("access_denied", wrong.ErrorFrom(await browser.SignInAsync(login, person.UserName, person.Password)));

        var right = portal.NewRequest(change: Asking(About(other)));
        login = await browser.OpenAsync(right.Url);
        var page = await browser.SignInAsync(login, other.UserName, other.Password);
        var tokens = (await portal.ExchangeAsync(right.CodeFrom(page), right)).OrFail();
        Assert.Equal(other.Subject, Wire.ClaimsOf(tokens.IdToken).GetProperty("sub").GetString());
    }

    // AZ44: §5.5.1.1, what is essential and cannot be had is a failed sign-in; what is wished for is a wish
    [Theory]
    [OnEachDatabase("acr_values", "1 2", null)]
    [OnEachDatabase("acr_values", "2 " + OneFactor, null)]
    [OnEachDatabase("claims", """{"id_token":{"acr":null}}""", null)]
    [OnEachDatabase("claims", """{"id_token":{"acr":{"values":["2"]}}}""", null)]
    [OnEachDatabase("claims", """{"id_token":{"acr":{"essential":true}}}""", null)]
    [OnEachDatabase("claims", """{"id_token":{"acr":{"essential":true,"values":["2","urn:identityprovider:acr:1fa"]}}}""", null)]
    [OnEachDatabase("claims", """{"id_token":{"acr":{"essential":true,"values":["2"]}}}""", "unmet_authentication_requirements")]
    [OnEachDatabase("claims", """{"id_token":{"acr":{"essential":true,"value":"2"}}}""", "unmet_authentication_requirements")]
    public async Task The_acr_is_one_that_was_really_reached(TestDatabase database, string name, string value, string? error)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        var request = portal.NewRequest(change: parameters => parameters[name] = value);
        if (error is not null)
        {
            // Before anybody types a password for nothing.
            Assert.Equal(error, request.ErrorFrom(await browser.OpenAsync(request.Url)));
            await browser.SignInAsync(Alice, AlicePassword);
            Assert.Equal(error, request.ErrorFrom(await browser.OpenAsync(request.Url)));
            return;
        }

        var page = await browser.AuthorizeAsync(request, Alice, AlicePassword);

        var tokens = (await portal.ExchangeAsync(request.CodeFrom(page), request)).OrFail();
        Assert.Equal(OneFactor, Wire.ClaimsOf(tokens.IdToken).GetProperty("acr").GetString());
    }

    [Theory, OnEachDatabase] // AZ33, AZ37, AZ44, DI22: OpenID Connect Dynamic Client Registration §2
    public async Task The_registered_defaults_speak_where_the_request_is_silent(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync($$"""
            { "clients": [{ "client_id": "bank", "client_secret": "bank-secret-00000000000000000000000000000000", "first_party": true,
              "redirect_uris": ["{{RedirectUri}}"], "default_max_age": 60, "default_acr_values": ["2", "{{OneFactor}}"], "require_auth_time": true }] }
            """);
        var bank = new RelyingParty(host, "bank", "bank-secret-00000000000000000000000000000000", RedirectUri, AuthenticationBy.Basic);
        using var browser = host.NewBrowser();
        var first = Wire.ClaimsOf((await bank.SignInAsync(browser, Alice, AlicePassword)).IdToken);
        host.Clock.Advance(TimeSpan.FromMinutes(2));

        var none = bank.NewRequest(change: parameters => parameters["prompt"] = "none");
        var asked = await browser.OpenAsync(bank.NewRequest().Url);
        var own = bank.NewRequest(change: parameters => parameters["max_age"] = "600");

        Assert.Equal(OneFactor, first.GetProperty("acr").GetString());
        Assert.Equal(JsonValueKind.Number, first.GetProperty("auth_time").ValueKind);
        Assert.Equal("login_required", none.ErrorFrom(await browser.OpenAsync(none.Url)));
        Assert.True(asked.Has("login-submit"));
        Assert.NotEmpty(own.CodeFrom(await browser.OpenAsync(own.Url)));
    }

    private static Action<Dictionary<string, string>> Asking(string claims, string? prompt = null) => parameters =>
    {
        parameters["claims"] = claims;
        if (prompt is not null)
        {
            parameters["prompt"] = prompt;
        }
    };

    private static IEnumerable<string> Permissions(Page consent)
    {
        Assert.True(consent.Has("consent-allow"), consent.ToString());
        return consent.Document.QuerySelectorAll(".permissions .permission-name").Select(permission => permission.TextContent.Trim());
    }

    // ID11: what travels inside codes and refresh tokens stays there
    private static void AssertNothingInternal(ProtocolResponse tokens)
    {
        Assert.DoesNotContain(Wire.ClaimsOf(tokens.IdToken).EnumerateObject(), claim => claim.Name.StartsWith("oi_", StringComparison.Ordinal));
        Assert.DoesNotContain(Wire.ClaimsOf(tokens.AccessToken).EnumerateObject(), claim => claim.Name.StartsWith("oi_idp", StringComparison.Ordinal));
    }
}
