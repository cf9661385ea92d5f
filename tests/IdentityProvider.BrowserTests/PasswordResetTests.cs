namespace IdentityProvider.BrowserTests;

/// <summary>Somebody who cannot sign in is handed a link and chooses a password of their own.</summary>
public sealed class PasswordResetTests(Chromium chromium, SharedSandbox sandbox) : BrowserTest(chromium, sandbox)
{
    private const string NewPassword = "a password of one's own";

    [Theory]
    [InlineData("small", 320, ColorScheme.Light)]
    [InlineData("phone", 390, ColorScheme.Dark)]
    [InlineData("desktop", 1280, ColorScheme.Light)]
    public async Task A_link_sets_a_password_once(string screen, int width, ColorScheme colors)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings());
        var person = await provider.NewPersonAsync();
        var link = await provider.NewResetLinkAsync(person);
        var page = await OpenBrowserAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = colors });

        await page.GotoAsync(link);
        Assert.Equal("password", await page.EvaluateAsync<string>("document.activeElement.id"));
        await LookHereAsync("reset");
        await ChooseAsync(NewPassword, "something else entirely");
        await page.WaitForSelectorAsync("#password-again[aria-invalid=true]");
        await LookHereAsync("reset-repeated");
        // Short enough for the field, too long in bytes.
        await ChooseAsync(new string('é', 600), new string('é', 600));
        await page.WaitForSelectorAsync("#password[aria-invalid=true]");
        await LookHereAsync("reset-refused");
        await ChooseAsync(NewPassword, NewPassword);
        await page.WaitForSelectorAsync("text=Your password is set");
        await LookHereAsync("reset-done");

        await page.ClickAsync(".actions a");
        await SubmitPasswordAsync(page, person.UserName, NewPassword);
        await page.WaitForSelectorAsync("text=Pat Person");
        await page.GotoAsync(link);
        Assert.Equal("This link no longer works", await page.InnerTextAsync("h1"));

        async Task ChooseAsync(string password, string again)
        {
            await page.FillAsync("#password", password);
            await page.FillAsync("#password-again", again);
            await page.ClickAsync("#reset-submit");
        }

        async Task LookHereAsync(string name)
        {
            await LookAsync(page, $"{screen}-{name}");
            await AssertFitsAsync(page);
        }
    }
}
