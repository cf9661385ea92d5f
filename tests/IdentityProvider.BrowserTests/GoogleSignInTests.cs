namespace IdentityProvider.BrowserTests;

/// <summary>"Sign in with Google" through the stand-in: every way it can go.</summary>
public sealed class GoogleSignInTests(Chromium chromium, SharedSandbox sandbox) : BrowserTest(chromium, sandbox)
{
    [Fact]
    public async Task Somebody_new_gets_an_account_and_is_known_from_then_on_whatever_the_address_becomes()
    {
        var person = NewGooglePerson();
        var first = await OpenBrowserAsync();
        await GoToLoginAsync(first);
        await first.ClickAsync("#external-google");
        await first.ArriveAsync(Addresses.Google + "/**");
        await LookAsync(first, "1-stand-in");
        await first.GoBackAsync();
        await SignInWithGoogleAsync(first, person);
        await first.ArriveAsync(Addresses.Provider + "/consent?**");
        await LookAsync(first, "2-consent");
        await first.ClickAsync("#consent-allow");
        await first.ArriveAsync(Addresses.WebApp + "/");
        await LookAsync(first, "3-signed-in");
        var subject = await ClaimAsync(first, "sub");

        var second = await OpenBrowserAsync();
        await GoToLoginAsync(second);
        await SignInWithGoogleAsync(second, person with { Email = "moved-" + person.Email });

        await second.ArriveAsync(Addresses.WebApp + "/");
        Assert.Equal(subject, await ClaimAsync(second, "sub"));
    }

    [Fact]
    public async Task An_address_of_a_local_account_is_linked_only_after_its_password()
    {
        var person = NewGooglePerson() with { Email = "alice@sandbox.example" };
        var page = await OpenBrowserAsync();
        await GoToLoginAsync(page);
        await SignInWithGoogleAsync(page, person);
        await LookAsync(page, "4-clash");

        await page.FillAsync("#password", "not her password");
        await page.ClickAsync("#link-submit");
        Assert.True(await page.IsVisibleAsync("#link-problem"));
        await LookAsync(page, "5-clash-wrong-password");
        await page.FillAsync("#username", "alice");
        await page.FillAsync("#password", "alice-sandbox-password");
        await page.ClickAsync("#link-submit");
        await AllowIfAskedAsync(page);
        await AssertSignedInAsync(page, "Alice Example");
        var subject = await ClaimAsync(page, "sub");

        var later = await OpenBrowserAsync();
        await GoToLoginAsync(later);
        await SignInWithGoogleAsync(later, person);
        await AllowIfAskedAsync(later);
        await AssertSignedInAsync(later, "Alice Example");
        Assert.Equal(subject, await ClaimAsync(later, "sub"));
    }

    [Fact]
    public async Task Cancel_at_Google_explains_itself_and_leads_back_to_the_login_page()
    {
        var page = await OpenBrowserAsync();
        await GoToLoginAsync(page);
        await page.ClickAsync("#external-google");
        await page.ClickAsync("#cancel");

        await page.ArriveAsync(Addresses.Provider + "/external-login/callback**");
        Assert.Contains("cancelled", await page.InnerTextAsync("#external-problem"), StringComparison.Ordinal);
        await LookAsync(page, "6-cancelled");

        await page.ClickAsync("#external-next");
        await SubmitPasswordAsync(page, "alice", "alice-sandbox-password");
        await AllowIfAskedAsync(page);
        await AssertSignedInAsync(page, "Alice Example");
    }

    [Theory]
    [InlineData("110000000000000000003", "unverified")]
    [InlineData("110000000000000000004", "nothing-said")]
    [InlineData("110000000000000000005", "no-address")]
    public async Task An_address_nobody_verified_is_not_trusted(string account, string name)
    {
        var page = await OpenBrowserAsync();
        await GoToLoginAsync(page);
        await page.ClickAsync("#external-google");
        await page.ClickAsync("#account-" + account);

        await page.ArriveAsync(Addresses.Provider + "/external-login/callback**");
        Assert.Contains("not verified", await page.InnerTextAsync("#external-problem"), StringComparison.Ordinal);
        await LookAsync(page, "7-" + name);
    }

    [Fact]
    public async Task A_callback_opened_twice_says_that_it_is_done()
    {
        var page = await OpenBrowserAsync();
        string? callback = null;
        page.Request += (_, request) => callback = request.Url.Contains("/signin-google", StringComparison.Ordinal) ? request.Url : callback;
        await GoToLoginAsync(page);
        await SignInWithGoogleAsync(page, NewGooglePerson());
        await page.ArriveAsync(Addresses.Provider + "/consent?**");

        await page.GotoAsync(callback!);

        Assert.Equal("This step is already done", await page.InnerTextAsync("#external-problem"));
        await LookAsync(page, "8-opened-twice");
    }

    private async Task AllowIfAskedAsync(IPage page)
    {
        await page.ArriveAsync(url => url.StartsWith(Addresses.Provider + "/consent", StringComparison.Ordinal)
            || url.StartsWith(Addresses.WebApp, StringComparison.Ordinal));
        if (page.Url.StartsWith(Addresses.Provider, StringComparison.Ordinal))
        {
            await page.ClickAsync("#consent-allow");
        }
    }
}
