namespace IdentityProvider.BrowserTests;

/// <summary>What few people see must look as calm as what all see: long names, many permissions, no logo, mistakes in a form, a request that is gone.</summary>
public sealed class RareStatesTests(Chromium chromium, SharedSandbox sandbox) : BrowserTest(chromium, sandbox)
{
    private const string Declaration = """
        {
          "scopes": [
            { "name": "urn:example:averylongscopenamewithoutanydescriptionorspaces:read" },
            { "name": "a", "description": "See and place your orders" }, { "name": "b", "description": "See your invoices" },
            { "name": "c", "description": "See where your parcels are and change when and where they are brought to you" },
            { "name": "d", "description": "Write reviews in your name" }, { "name": "e", "description": "See your reviews" }
          ],
          "clients": [{
            "client_id": "long", "client_name": "Internationale Gesellschaft für Verwaltungsvereinfachung – Mitarbeiterportal (Produktion)",
            "token_endpoint_auth_method": "none", "grant_types": ["authorization_code"],
            "redirect_uris": ["https://mitarbeiterportal-produktion.westeurope.cloudapp.verwaltung.example.com/callback"],
            "logo_uri": "https://nowhere.example/logo.png", "client_uri": "https://app.example",
            "policy_uri": "https://app.example/privacy", "tos_uri": "https://app.example/terms",
            "scope": "openid profile email address phone a b c d e urn:example:averylongscopenamewithoutanydescriptionorspaces:read"
          }],
          "users": [{
            "username": "alice.wilhelmina.konstantina", "password": "a-test-password-nobody-else-uses",
            "name": "Alice Wilhelmina Konstantina von Andersen-Hohenstein",
            "email": "alice.wilhelmina.konstantina.andersen-hohenstein@verwaltung.example.com", "email_verified": true
          }]
        }
        """;

    [Theory] // RG12: logo, policy and terms; AZ32: the choice of account; AZ45: claims asked for by name
    [InlineData("small", 320, ColorScheme.Light)]
    [InlineData("desktop-dark", 1280, ColorScheme.Dark)]
    public async Task Rare_states_fit_and_are_accessible(string screen, int width, ColorScheme colors)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Declaration = Declaration });
        var page = await OpenBrowserAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = colors });
        var authorize = $"{provider.Issuer}/connect/authorize?client_id=long&response_type=code&state=s&nonce=n"
            + $"&code_challenge={Wire.ChallengeOf("verifier")}&code_challenge_method=S256"
            + "&redirect_uri=https%3A%2F%2Fmitarbeiterportal-produktion.westeurope.cloudapp.verwaltung.example.com%2Fcallback"
            + "&scope=openid+profile+email+address+phone+a+b+c+d+e+urn%3Aexample%3Aaverylongscopenamewithoutanydescriptionorspaces%3Aread";

        await page.GotoAsync(provider.Issuer + "/login?pending=gone");
        await LookHereAsync("expired");
        await page.GotoAsync(await provider.NewSetupLinkAsync());
        await LookHereAsync("setup");
        await page.FillAsync("#username", "alice.wilhelmina.konstantina");
        await page.FillAsync("#password", "one long password");
        await page.FillAsync("#password-again", "another password");
        await page.ClickAsync("#setup-submit");
        await LookHereAsync("setup-problem");
        await page.GotoAsync(authorize);
        await LookHereAsync("login-long-name");
        await SubmitPasswordAsync(page, "alice.wilhelmina.konstantina", "a-test-password-nobody-else-uses");
        await page.WaitForSelectorAsync("#consent-allow");
        await LookHereAsync("consent-long");
        await page.GotoAsync(authorize + "&prompt=select_account");
        await page.WaitForSelectorAsync("#choose-account");
        await LookHereAsync("choose-account");
        await page.GotoAsync(authorize.Replace("+email+", "+", StringComparison.Ordinal) + "&prompt=consent&claims="
            + Uri.EscapeDataString("""{"userinfo":{"email":{"essential":true},"birthdate":null},"id_token":{"phone_number":null}}"""));
        await page.WaitForSelectorAsync("#consent-allow");
        await LookHereAsync("consent-claims");
        await page.GotoAsync(provider.Issuer + "/");
        await LookHereAsync("start-long-name");

        async Task LookHereAsync(string name)
        {
            await LookAsync(page, $"{screen}-{name}");
            await AssertFitsAsync(page);
        }
    }

    [Fact]
    public async Task Enter_in_a_field_signs_in_and_never_cancels()
    {
        var page = await OpenBrowserAsync();
        await GoToLoginAsync(page);
        await page.FillAsync("#password", "wrong");
        await page.FillAsync("#username", "alice");

        await page.PressAsync("#username", "Enter");

        await page.WaitForSelectorAsync("#login-problem");
        Assert.Equal("Problem: Sign in", await page.TitleAsync());
        Assert.Equal("alice", await page.InputValueAsync("#username"));
        Assert.Equal("", await page.InputValueAsync("#password"));
    }
}
