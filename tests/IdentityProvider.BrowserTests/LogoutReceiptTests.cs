namespace IdentityProvider.BrowserTests;

/// <summary>The page after signing out, while some apps have not answered: calm, and still true when it is loaded again.</summary>
public sealed class LogoutReceiptTests(Chromium chromium, SharedSandbox sandbox) : BrowserTest(chromium, sandbox)
{
    [Theory] // BC8
    [InlineData("small", 320, ColorScheme.Light)]
    [InlineData("desktop-dark", 1280, ColorScheme.Dark)]
    public async Task The_page_tells_which_apps_have_not_answered(string screen, int width, ColorScheme colors)
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        var callback = receiver.Address("callback", "localhost");
        string[] apps = ["calendar", "wiki", "mail", "reports"];
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings
        {
            Configuration = new Dictionary<string, string?> { ["IdentityProvider:OutgoingRequests:AllowedPrivateHosts"] = LogoutReceiver.Host },
            Declaration =
                $$"""
                { "clients": [{{string.Join(',', apps.Select(app => $$"""
                    { "client_id": "{{app}}", "client_name": "{{(app == "reports" ? "Reports of the northern branch, archive" : char.ToUpperInvariant(app[0]) + app[1..])}}", "client_secret": "{{new string('s', 43)}}",
                      "first_party": true, "redirect_uris": ["{{callback}}"], "scope": "openid", "backchannel_logout_uri": "{{receiver.Address(app)}}" }
                    """))}}],
                  "users": [{ "username": "alice", "password": "a-test-password-nobody-else-uses" }] }
                """,
        });
        receiver.Answer("wiki", 503);
        receiver.Answer("reports", 400);
        var page = await OpenBrowserAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = colors });
        await page.GotoAsync(provider.Issuer + "/login");
        await SubmitPasswordAsync(page, "alice", "a-test-password-nobody-else-uses");
        foreach (var app in apps)
        {
            await page.GotoAsync($"{provider.Issuer}/connect/authorize?client_id={app}&response_type=code&scope=openid&redirect_uri={Uri.EscapeDataString(callback)}"
                + $"&code_challenge={Wire.ChallengeOf("verifier")}&code_challenge_method=S256");
            await page.ArriveAsync(callback + "**");
        }

        await page.GotoAsync(provider.Issuer + "/logout");
        await page.ClickAsync("#logout-confirm");
        await page.WaitForSelectorAsync("#receipt");
        Assert.Equal("Signed out of 2 of 4 apps.", await page.InnerTextAsync("#receipt"));
        await LookHereAsync("waiting");

        receiver.Answer("wiki", 200);
        await Eventually.TrueAsync(async () =>
        {
            await page.ReloadAsync();
            return await page.InnerTextAsync("#receipt") == "Signed out of 3 of 4 apps." && (await page.InnerTextAsync("main")).Contains("did not answer", StringComparison.Ordinal);
        });
        await LookHereAsync("given-up");

        async Task LookHereAsync(string name)
        {
            await LookAsync(page, $"{screen}-{name}");
            await AssertFitsAsync(page);
        }
    }
}
