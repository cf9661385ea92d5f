using IdentityProvider.IntegrationTests.DeviceAuthorization;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>OpenID Connect Dynamic Client Registration §2: a client that registered <c>default_max_age</c> gets no sign-in older than that, by whichever flow.</summary>
public class StaleSessionTests
{
    [Theory, OnEachDatabase]
    public async Task A_device_is_not_allowed_by_a_sign_in_that_is_too_old_for_it(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        await host.ApplyAsync($$"""
            { "clients": [{ "client_id": "bank", "client_name": "Bank terminal", "token_endpoint_auth_method": "none", "default_max_age": 300,
              "grant_types": ["{{Devices.DeviceCodeGrant}}"], "scope": "openid" }] }
            """);
        var (person, bank) = (await host.NewPersonAsync(), host.Device("bank"));
        using var browser = await host.SignedInAsync(person);
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        var codes = (await bank.AskAsync("openid")).OrFail();

        var page = await browser.TypeCodeAsync(codes["user_code"]);

        Assert.True(page.Has("login-submit"), page.ToString());
        // What a page that lay open still says does not help either.
        var posted = await browser.PostAsync("/device", await AnswerAsync(browser, codes["user_code"]));
        Assert.Contains("/login?", posted.Location?.ToString(), StringComparison.Ordinal);
        Assert.Equal("authorization_pending", (await bank.PollAsync(codes["device_code"])).Error);

        // A new sign-in is the answer, and the code is still there.
        var again = await browser.SignInAsync(page, person.UserName, person.Password);
        Assert.Equal(codes["user_code"], again.Element("user-code").GetAttribute("value"));
        await browser.AllowAsync(codes["user_code"]);
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        var tokens = (await bank.PollAsync(codes["device_code"])).OrFail();
        Assert.InRange(host.Clock.GetUtcNow().ToUnixTimeSeconds() - Wire.ClaimsOf(tokens.IdToken).GetProperty("auth_time").GetInt64(), 0, 300);
    }

    private static async Task<Dictionary<string, string>> AnswerAsync(Browser browser, string code)
    {
        var form = await browser.OpenAsync("/device");
        var field = form.Document.QuerySelector("input[name=__RequestVerificationToken], input[type=hidden]")!;
        return new() { [field.GetAttribute("name")!] = field.GetAttribute("value")!, ["user_code"] = code, ["device-allow"] = "true" };
    }
}
