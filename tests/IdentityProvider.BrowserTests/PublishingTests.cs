using IdentityProvider.Sandbox;

namespace IdentityProvider.BrowserTests;

/// <summary>
/// The posts of the sample app, by each of the test people: what they may do, and what the API answers when they try more.
/// The sandbox is one of its own, on a working day.
/// </summary>
public sealed class PublishingTests(Chromium chromium, SharedSandbox shared) : BrowserTest(chromium, shared)
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("identityprovider-publishing-");
    private readonly TestClock clock = new();

    [Fact]
    public async Task Everybody_sees_and_does_what_they_may_and_is_refused_the_rest()
    {
        await using var sandbox = await StartInOfficeHoursAsync();
        var app = sandbox.Addresses.WebApp;

        // An author: her own posts, and nobody else's. She stood in for an editor once, and that is over.
        var anna = await SignInAsync(app, "anna");
        Assert.Equal("author", await anna.InnerTextAsync("#your-roles"));
        await LookAtAsync(anna, "author");
        await TryAsync(anna, "post-5-publish", "403 Forbidden", "\"required_roles\"");
        await LookAsync(anna, "author-refused-by-role");
        await TryAsync(anna, "post-4-edit", "403 Forbidden", "does not own");
        await TryAsync(anna, "post-5-delete", "403 Forbidden", "\"posts.delete\"");
        await TryAsync(anna, "readers-eu", "403 Forbidden", "\"readers.export\"");
        await anna.FillAsync("#title", "A new one");
        await anna.FillAsync("#text", "Just written.");
        await DoAsync(anna, "write", "201 Created");
        await anna.ClickAsync("#post-6-edit");
        await LookAsync(anna, "author-edits");
        await anna.FillAsync("#title", "A better one");
        await DoAsync(anna, "save", "200 OK");
        Assert.Equal("A better one", await anna.InnerTextAsync("#post-6-title"));
        await DoAsync(anna, "post-6-withdraw", "200 OK");
        Assert.Equal("withdrawn", await anna.InnerTextAsync("#post-6-state"));

        // An editor: publishes what others wrote, and changes none of it.
        var erik = await SignInAsync(app, "erik");
        await LookAtAsync(erik, "editor");
        await DoAsync(erik, "post-5-publish", "200 OK");
        Assert.Equal("published", await erik.InnerTextAsync("#post-5-state"));
        await DoAsync(erik, "post-4-schedule", "200 OK");
        Assert.Equal("scheduled", await erik.InnerTextAsync("#post-4-state"));
        await TryAsync(erik, "post-5-edit", "403 Forbidden", "does not own");
        await TryAsync(erik, "post-5-delete", "403 Forbidden", "\"posts.delete\"");

        // The chief deletes and exports, but not the data of a region where she does not work.
        var carla = await SignInAsync(app, "carla");
        await LookAtAsync(carla, "chief-editor");
        await DoAsync(carla, "post-6-delete", "204 No Content");
        Assert.False(await carla.IsVisibleAsync("#post-6"));
        await DoAsync(carla, "readers-us", "200 OK");
        await TryAsync(carla, "readers-eu", "403 Forbidden", "people who work in the EU");

        // A reader reads.
        var rita = await SignInAsync(app, "rita");
        await LookAtAsync(rita, "reader");
        Assert.False(await rita.IsVisibleAsync("#post-4"));
        foreach (var (action, why) in new[]
        {
            ("post-1-unpublish", "\"editor\""), ("post-1-edit", "does not own"), ("post-1-delete", "\"posts.delete\""),
            ("write", "\"posts.create\""), ("readers-us", "\"readers.export\""),
        })
        {
            await TryAsync(rita, action, "403 Forbidden", why);
        }

        // The European desk, in office hours and after them.
        var emil = await SignInAsync(app, "emil");
        await LookAtAsync(emil, "eu-desk");
        await DoAsync(emil, "readers-eu", "200 OK");
        clock.Advance(TimeSpan.FromMinutes(90));
        await emil.ReloadAsync();
        await LookAtAsync(emil, "eu-desk-after-hours");
        await TryAsync(emil, "readers-eu", "403 Forbidden", "working days from 9 to 17");
    }

    [Theory]
    [InlineData("phone", 360, ColorScheme.Light)]
    [InlineData("phone-dark", 360, ColorScheme.Dark)]
    [InlineData("desktop", 1280, ColorScheme.Light)]
    [InlineData("desktop-dark", 1280, ColorScheme.Dark)]
    public async Task The_pages_fit_and_are_accessible(string screen, int width, ColorScheme colors)
    {
        await using var sandbox = await StartInOfficeHoursAsync();
        var options = new BrowserNewContextOptions { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = colors };
        var page = await SignInAsync(sandbox.Addresses.WebApp, "anna", options);
        await page.ClickAsync("#post-4-refused summary");
        await page.ClickAsync("#readers-eu-refused summary");
        await LookHereAsync("posts");

        await page.ClickAsync("#post-4-delete");
        Assert.Equal("403 Forbidden", await page.InnerTextAsync("#api-status"));
        await LookHereAsync("refused");
        await page.ClickAsync("#back");

        // 401: the API does not know who asks.
        foreach (var (token, challenge) in new[] { ("none", "Bearer"), ("changed", "invalid_token"), ("id-token", "invalid_token") })
        {
            await page.ClickAsync("#token-" + token);
            Assert.Equal("401 Unauthorized", await page.InnerTextAsync("#api-status"));
            Assert.Contains(challenge, await page.InnerTextAsync("#api-challenge"), StringComparison.Ordinal);
            await LookHereAsync("token-" + token);
            await page.ClickAsync("#back");
        }

        await page.ClickAsync("#post-5-edit");
        await LookHereAsync("edit");

        async Task LookHereAsync(string name)
        {
            await page.ScreenshotAsync(new() { Path = Repository.PathOf("artifacts", "screenshots", nameof(PublishingTests), $"{screen}-{name}.png"), FullPage = true });
            await AssertFitsAsync(page);
            await AssertAccessibleAsync(page);
        }
    }

    [Fact]
    public async Task What_is_allowed_and_what_is_not_needs_no_scripts()
    {
        await using var sandbox = await StartInOfficeHoursAsync();
        var page = await SignInAsync(sandbox.Addresses.WebApp, "erik", new() { JavaScriptEnabled = false });

        await DoAsync(page, "post-4-publish", "200 OK");
        await TryAsync(page, "post-5-delete", "403 Forbidden", "\"posts.delete\"");
    }

    [Fact]
    public async Task What_is_not_allowed_is_tried_by_keyboard_alone()
    {
        await using var sandbox = await StartInOfficeHoursAsync();
        var page = await SignInAsync(sandbox.Addresses.WebApp, "rita");

        await page.FocusAsync("#post-1-refused summary");
        await page.Keyboard.PressAsync("Enter");
        for (var presses = 0; await page.EvaluateAsync<string>("document.activeElement.id") != "post-1-delete"; presses++)
        {
            Assert.True(presses < 5, "The button is not reached by Tab.");
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#api-status");

        Assert.Equal("403 Forbidden", await page.InnerTextAsync("#api-status"));
    }

    private async Task<SandboxApp> StartInOfficeHoursAsync()
    {
        // The next Tuesday, four in the afternoon in Berlin.
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var now = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), berlin).DateTime;
        var tuesday = now.Date.AddDays(1 + (((int)DayOfWeek.Tuesday - (int)now.AddDays(1).DayOfWeek + 7) % 7)).AddHours(16);
        clock.Advance(TimeZoneInfo.ConvertTimeToUtc(tuesday, berlin) - clock.GetUtcNow().UtcDateTime);
        return await SandboxApp.StartAsync(SandboxOptions.OnFreePorts(root.FullName) with { Clock = clock }, CancellationToken.None);
    }

    /// <summary>In a browser of their own, until the page of posts.</summary>
    private async Task<IPage> SignInAsync(string app, string person, BrowserNewContextOptions? options = null)
    {
        var page = await OpenBrowserAsync(options);
        await page.GotoAsync(app + "/sign-in");
        await SubmitPasswordAsync(page, person, person + "-sandbox-password");
        await page.ClickAsync("#consent-allow");
        await page.ClickAsync("#posts");
        await page.WaitForSelectorAsync("#your-roles");
        return page;
    }

    private async Task LookAtAsync(IPage page, string name)
    {
        foreach (var summary in await page.QuerySelectorAllAsync("details:not([open]) summary"))
        {
            await summary.ClickAsync();
        }

        await LookAsync(page, name);
        await AssertFitsAsync(page);
    }

    private static async Task DoAsync(IPage page, string button, string status)
    {
        Assert.NotEqual("false", await page.GetAttributeAsync("#" + button, "data-may"));
        await page.ClickAsync("#" + button);
        Assert.True(await page.IsVisibleAsync("#api-status"), $"#{button} led to {page.Url}:\n{await page.ContentAsync()}");
        Assert.Equal(status, await page.InnerTextAsync("#api-status"));
        await page.ClickAsync("#back");
        await page.WaitForSelectorAsync("#your-roles");
    }

    private static async Task TryAsync(IPage page, string button, string status, string why)
    {
        Assert.Equal("false", await page.GetAttributeAsync("#" + button, "data-may"));
        if (!await page.IsVisibleAsync("#" + button))
        {
            await page.ClickAsync($"details:has(#{button}) summary");
        }

        await page.ClickAsync("#" + button);
        Assert.True(await page.IsVisibleAsync("#api-status"), $"#{button} led to {page.Url}:\n{await page.ContentAsync()}");
        Assert.Equal(status, await page.InnerTextAsync("#api-status"));
        Assert.Contains(why, await page.InnerTextAsync("#api-answer"), StringComparison.Ordinal);
        await page.ClickAsync("#back");
        await page.WaitForSelectorAsync("#your-roles");
    }
}
