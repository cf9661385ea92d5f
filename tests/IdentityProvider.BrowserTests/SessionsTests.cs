namespace IdentityProvider.BrowserTests;

/// <summary>The list of a person's sessions: with one, with several, with very many, and with long names in it.</summary>
public sealed class SessionsTests(Chromium chromium, SharedSandbox sandbox) : BrowserTest(chromium, sandbox)
{
    private const string Declaration = """
        {
          "clients": [
            { "client_id": "shop", "client_name": "Shop", "token_endpoint_auth_method": "none", "grant_types": ["authorization_code"], "redirect_uris": ["https://app.example/a"] },
            { "client_id": "wiki", "client_name": "Wiki", "token_endpoint_auth_method": "none", "grant_types": ["authorization_code"], "redirect_uris": ["https://app.example/b"] },
            {
              "client_id": "long", "client_name": "Internationale Gesellschaft für Verwaltungsvereinfachung – Mitarbeiterportal (Produktion)",
              "token_endpoint_auth_method": "none", "grant_types": ["authorization_code"], "redirect_uris": ["https://app.example/c"]
            }
          ]
        }
        """;

    [Theory]
    [InlineData("phone", 390, 844, ColorScheme.Light)]
    [InlineData("phone-dark", 390, 844, ColorScheme.Dark)]
    [InlineData("small", 320, 568, ColorScheme.Light)]
    [InlineData("desktop", 1280, 800, ColorScheme.Light)]
    [InlineData("desktop-dark", 1280, 800, ColorScheme.Dark)]
    public async Task The_list_fits_and_is_accessible(string screen, int width, int height, ColorScheme colors)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Declaration = Declaration });
        var person = await provider.NewPersonAsync();
        var page = await OpenBrowserAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height }, ColorScheme = colors, DeviceScaleFactor = width < 600 ? 2 : 1,
        });
        await page.GotoAsync(provider.Issuer + "/account");
        await SubmitPasswordAsync(page, person.UserName, person.Password);
        await page.ClickAsync("#account-sessions");
        await page.WaitForSelectorAsync("#sessions-here");
        await LookHereAsync("1-alone");

        await provider.AddSessionsAsync(person, 4);
        await page.ReloadAsync();
        Assert.Equal(5, await page.Locator(".session").CountAsync());
        await LookHereAsync("2-several");
        await page.ClickAsync(".sessions li .button >> nth=0");
        await page.WaitForSelectorAsync("#sessions-notice");
        Assert.Equal(4, await page.Locator(".session").CountAsync());
        await LookHereAsync("3-ended");

        await provider.AddSessionsAsync(person, 46);
        await page.ReloadAsync();
        Assert.Equal(50, await page.Locator(".session").CountAsync());
        await LookHereAsync("4-many");
        await page.ClickAsync("#sessions-end-others");
        await page.WaitForSelectorAsync("#sessions-end-others-confirm");
        await LookHereAsync("5-question");
        await page.ClickAsync("#sessions-end-others-confirm");
        await page.WaitForSelectorAsync("#sessions-notice");
        Assert.Equal(1, await page.Locator(".session").CountAsync());
        await LookHereAsync("6-others-ended");
        await page.ClickAsync(".session-end .button");
        await page.WaitForSelectorAsync("a[href='/login']");

        async Task LookHereAsync(string name)
        {
            await LookAsync(page, $"{screen}-{name}");
            await AssertFitsAsync(page);
        }
    }
}
