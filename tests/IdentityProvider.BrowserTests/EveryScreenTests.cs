namespace IdentityProvider.BrowserTests;

/// <summary>The same pages on a phone, in the dark, by keyboard alone, and without scripts.</summary>
public sealed class EveryScreenTests(Chromium chromium, SharedSandbox sandbox) : BrowserTest(chromium, sandbox)
{
    [Theory]
    [InlineData("phone", 390, 844, ColorScheme.Light)]
    [InlineData("phone-dark", 390, 844, ColorScheme.Dark)]
    [InlineData("small", 320, 568, ColorScheme.Light)]
    [InlineData("desktop", 1280, 800, ColorScheme.Light)]
    [InlineData("desktop-dark", 1280, 800, ColorScheme.Dark)]
    public async Task Every_page_fits_and_is_accessible(string screen, int width, int height, ColorScheme colors)
    {
        var page = await OpenBrowserAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height }, ColorScheme = colors, DeviceScaleFactor = width < 600 ? 2 : 1,
        });

        await GoToLoginAsync(page);
        await LookHereAsync("login");
        await SubmitPasswordAsync(page, "nobody", "wrong");
        await LookHereAsync("login-problem");
        await SignInWithGoogleAsync(page, NewGooglePerson());
        await page.ArriveAsync(Addresses.Provider + "/consent?**");
        await LookHereAsync("consent");
        await page.GotoAsync(Addresses.Provider + "/");
        await LookHereAsync("start-signed-in");
        await page.GotoAsync(Addresses.Provider + "/account");
        await LookHereAsync("account");
        await page.GotoAsync(Addresses.Provider + "/connect/authorize?client_id=nobody&response_type=code");
        await LookHereAsync("error");
        await page.GotoAsync(Addresses.Provider + "/nowhere");
        await LookHereAsync("not-found");
        await page.GotoAsync(Addresses.Provider + "/setup?token=void");
        await LookHereAsync("setup-void");
        await page.GotoAsync(Addresses.Provider + "/reset?token=void");
        await LookHereAsync("reset-void");
        await page.GotoAsync(Addresses.Provider + "/connect/logout");
        await LookHereAsync("logout");
        await page.ClickAsync("#logout-confirm");
        await page.ArriveAsync(Addresses.Provider + "/logged-out**");
        await LookHereAsync("logged-out");
        await page.GotoAsync(Addresses.Provider + "/");
        await LookHereAsync("start");

        async Task LookHereAsync(string name)
        {
            await LookAsync(page, $"{screen}-{name}");
            await AssertFitsAsync(page);
        }
    }

    [Fact]
    public async Task Signing_in_needs_no_mouse()
    {
        var page = await OpenBrowserAsync();
        await GoToLoginAsync(page);

        // The cursor waits in the first field.
        Assert.Equal("username", await FocusedAsync(page));
        await page.Keyboard.TypeAsync("alice");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("password", await FocusedAsync(page));
        await page.Keyboard.TypeAsync("alice-sandbox-password");
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync(url => !url.Contains("/login", StringComparison.Ordinal));
        if (page.Url.StartsWith(Addresses.Provider, StringComparison.Ordinal))
        {
            await TabToAsync(page, "consent-allow");
            // Who cannot see the focus cannot use the keyboard.
            Assert.NotEqual("none 0px", await page.EvaluateAsync<string>(
                "(() => { const style = getComputedStyle(document.activeElement); return style.outlineStyle + ' ' + (style.outlineStyle === 'none' ? '0px' : style.outlineWidth); })()"));
            await page.Keyboard.PressAsync("Enter");
        }

        await AssertSignedInAsync(page, "Alice Example");
    }

    [Fact]
    public async Task Signing_in_needs_no_scripts()
    {
        var page = await OpenBrowserAsync(new() { JavaScriptEnabled = false });
        await GoToLoginAsync(page);
        await SignInWithGoogleAsync(page, NewGooglePerson());
        await page.ClickAsync("#consent-allow");
        await page.ArriveAsync(Addresses.WebApp + "/");
        Assert.True(await page.IsVisibleAsync("#signed-in-name"));

        await page.ClickAsync("#call-api");
        Assert.StartsWith("200", await page.InnerTextAsync("#api-status"), StringComparison.Ordinal);
        await page.ClickAsync("#sign-out");
        await page.ArriveAsync(Addresses.WebApp + "/");
        Assert.True(await page.IsVisibleAsync("#sign-in"));
    }

    [Theory, InlineData(true), InlineData(false)] // OAuth 2.0 Form Post Response Mode, under our Content-Security-Policy
    public async Task The_form_post_answer_arrives_with_and_without_scripts(bool scripts)
    {
        const string Callback = "http://localhost:5173/callback";
        var page = await OpenBrowserAsync(new() { JavaScriptEnabled = scripts });
        var arrived = new TaskCompletionSource<string>();
        await page.RouteAsync(Callback, async route =>
        {
            arrived.TrySetResult($"{route.Request.Method} {route.Request.PostData}");
            await route.FulfillAsync(new() { ContentType = "text/html", Body = "<!DOCTYPE html><html lang=en><title>App</title><p>Here." });
        });
        await page.GotoAsync($"{Addresses.Provider}/connect/authorize?client_id=my-browser-app&response_type=code&response_mode=form_post"
            + $"&scope=openid&redirect_uri={Uri.EscapeDataString(Callback)}&code_challenge={Wire.ChallengeOf("x")}&code_challenge_method=S256&state=here");
        await SignInWithGoogleAsync(page, NewGooglePerson());
        await page.ClickAsync("#consent-allow");
        if (!scripts)
        {
            const string Continue = $"form[action='{Callback}'] button[type=submit]";
            await page.WaitForSelectorAsync(Continue);
            await KeepPictureAsync(page, "form-post-without-scripts");
            await page.ClickAsync(Continue);
        }

        var request = await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.StartsWith("POST ", request, StringComparison.Ordinal);
        Assert.Contains("code=", request, StringComparison.Ordinal);
        Assert.Contains("state=here", request, StringComparison.Ordinal);
    }

    private static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.id");

    private static async Task TabToAsync(IPage page, string id)
    {
        for (var presses = 0; await FocusedAsync(page) != id; presses++)
        {
            Assert.True(presses < 20, $"#{id} is not reached by Tab.");
            await page.Keyboard.PressAsync("Tab");
        }
    }
}
