using System.Text.Json;

namespace IdentityProvider.BrowserTests;

/// <summary>A person answers for a device, mostly on a phone (RFC 8628 §3.3).</summary>
public sealed class DeviceTests(Chromium chromium, SharedSandbox sandbox) : BrowserTest(chromium, sandbox)
{
    private const string TvAgent = "Mozilla/5.0 (SMART-TV; Linux) AppleWebKit/537.36 (KHTML, like Gecko) TV Safari/537.36";

    [Theory]
    [InlineData("phone", 390, 844, ColorScheme.Light)]
    [InlineData("phone-dark", 390, 844, ColorScheme.Dark)]
    [InlineData("small", 320, 568, ColorScheme.Light)]
    [InlineData("desktop", 1280, 800, ColorScheme.Light)]
    [InlineData("desktop-dark", 1280, 800, ColorScheme.Dark)]
    public async Task Device_pages_fit_and_are_accessible(string screen, int width, int height, ColorScheme colors)
    {
        var page = await OpenBrowserAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height }, ColorScheme = colors, DeviceScaleFactor = width < 600 ? 2 : 1,
        });

        await page.GotoAsync(Addresses.Provider + "/device");
        // Two people, for each has only so many wrong codes.
        var name = colors == ColorScheme.Dark ? "bob" : "alice";
        await SubmitPasswordAsync(page, name, name + "-sandbox-password");
        await page.ArriveAsync(Addresses.Provider + "/device");
        await LookHereAsync("1-enter");
        Assert.Equal("user-code", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.FillAsync("#user-code", "no such code");
        await page.ClickAsync("#device-continue");
        await LookHereAsync("2-problem");

        await page.GotoAsync((await AskAsync()).GetProperty("verification_uri_complete").GetString()!);
        await LookHereAsync("3-prefilled");
        await page.ClickAsync("#device-continue");
        await LookHereAsync("4-question");
        await page.ClickAsync("#device-deny");
        await page.ArriveAsync(Addresses.Provider + "/device/denied");
        await LookHereAsync("5-denied");

        await page.GotoAsync((await AskAsync()).GetProperty("verification_uri_complete").GetString()!);
        await page.ClickAsync("#device-continue");
        await page.ClickAsync("#device-allow");
        await page.ArriveAsync(Addresses.Provider + "/device/allowed");
        await LookHereAsync("6-allowed");

        async Task LookHereAsync(string name)
        {
            await LookAsync(page, $"{screen}-{name}");
            await AssertFitsAsync(page);
        }
    }

    [Fact]
    public async Task A_device_is_connected_without_scripts()
    {
        var page = await OpenBrowserAsync(new() { JavaScriptEnabled = false });
        var codes = await AskAsync();
        await page.GotoAsync(codes.GetProperty("verification_uri").GetString()!);
        await SubmitPasswordAsync(page, "bob", "bob-sandbox-password");
        await page.FillAsync("#user-code", codes.GetProperty("user_code").GetString()!.ToLowerInvariant());
        await page.ClickAsync("#device-continue");
        await page.ClickAsync("#device-allow");
        await page.ArriveAsync(Addresses.Provider + "/device/allowed");

        var tokens = await PostAsync("/connect/token", new()
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code", ["device_code"] = codes.GetProperty("device_code").GetString()!,
        });
        Assert.True(tokens.TryGetProperty("refresh_token", out _), tokens.GetRawText());
    }

    private Task<JsonElement> AskAsync() => PostAsync("/connect/device", new() { ["scope"] = "openid profile email offline_access notes.read" });

    private async Task<JsonElement> PostAsync(string path, Dictionary<string, string> form)
    {
        form["client_id"] = "my-tv-app";
        using var http = new HttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", TvAgent);
        using var answer = await http.PostAsync(Addresses.Provider + path, new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }
}
