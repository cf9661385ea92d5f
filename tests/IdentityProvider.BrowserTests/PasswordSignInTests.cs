namespace IdentityProvider.BrowserTests;

/// <summary>The sample app, signed in to by password.</summary>
public sealed class PasswordSignInTests(Chromium chromium, SharedSandbox sandbox) : BrowserTest(chromium, sandbox)
{
    [Fact]
    public async Task A_person_signs_in_consents_calls_the_API_and_signs_out()
    {
        var page = await OpenBrowserAsync();
        await page.GotoAsync(Addresses.WebApp);
        await LookAsync(page, "1-sample-app");

        await page.ClickAsync("#sign-in");
        await page.ArriveAsync(Addresses.Provider + "/login?**");
        await LookAsync(page, "2-login");

        await SubmitPasswordAsync(page, "bob", "bob-sandbox-password");
        await page.ArriveAsync(Addresses.Provider + "/consent?**");
        await LookAsync(page, "3-consent");

        await page.ClickAsync("#consent-allow");
        await AssertSignedInAsync(page, "Bob Sample");
        Assert.Equal("bob@sandbox.example", await ClaimAsync(page, "email"));
        await LookAsync(page, "4-signed-in");

        await page.ClickAsync("#call-api");
        Assert.StartsWith("200", await page.InnerTextAsync("#api-status"), StringComparison.Ordinal);
        await LookAsync(page, "5-api");

        await page.GotoAsync(Addresses.WebApp);
        await page.ClickAsync("#refresh");
        await AssertSignedInAsync(page, "Bob Sample");

        await page.ClickAsync("#sign-out");
        await page.ArriveAsync(Addresses.WebApp + "/");
        Assert.True(await page.IsVisibleAsync("#sign-in"));

        // Signed out at the provider too: the next sign-in asks again, but not for consent.
        await page.ClickAsync("#sign-in");
        await page.ArriveAsync(Addresses.Provider + "/login?**");
        await SubmitPasswordAsync(page, "bob@sandbox.example", "bob-sandbox-password");
        await AssertSignedInAsync(page, "Bob Sample");
    }

    [Fact]
    public async Task A_wrong_password_is_said_kindly_and_the_name_stays()
    {
        var page = await OpenBrowserAsync();
        await GoToLoginAsync(page);

        await SubmitPasswordAsync(page, "alice", "not her password");

        Assert.True(await page.IsVisibleAsync("#login-problem"));
        Assert.Equal("alice", await page.InputValueAsync("#username"));
        Assert.Equal("", await page.InputValueAsync("#password"));
        await LookAsync(page, "wrong-password");
    }

    [Fact]
    public async Task Deny_and_cancel_lead_back_to_the_app()
    {
        var page = await OpenBrowserAsync();
        await GoToLoginAsync(page);
        await page.ClickAsync("#login-cancel");
        await page.WaitForSelectorAsync("#error");
        Assert.Equal("access_denied", await page.InnerTextAsync("#error"));

        await page.ClickAsync("#sign-in");
        await page.ArriveAsync(Addresses.Provider + "/login?**");
        await SubmitPasswordAsync(page, "dora", "dora-sandbox-password");
        await page.ClickAsync("#consent-deny");

        await page.WaitForSelectorAsync("#error");
        Assert.Equal("access_denied", await page.InnerTextAsync("#error"));
        await LookAsync(page, "denied");
    }
}
