using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>
/// RFC 8252 §8.6: any app on a device can use a public client's identifier together with its loopback address or private scheme,
/// so such a request is answered only when the person did something for it. Checklist rows AZ21, AZ24, AZ27, AZ28.
/// </summary>
public sealed class NativeClientTests(SharedProviders providers)
{
    private const string House = "house-app";
    private const string Linked = "linked-app";

    [Theory, OnEachDatabase(Native, "http://127.0.0.1:50123/callback"), OnEachDatabase(House, "com.example.house:/callback")]
    public async Task An_app_that_could_be_another_gets_no_silent_answer(TestDatabase database, string clientId, string redirectUri)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();
        var app = new RelyingParty(host, clientId, null, redirectUri, AuthenticationBy.None);
        using var browser = host.NewBrowser();
        await app.SignInAsync(browser, person);

        var silent = app.NewRequest(change: parameters => parameters["prompt"] = "none");
        Assert.Equal("interaction_required", silent.ErrorFrom(await browser.OpenAsync(silent.Url)));
    }

    [Theory, OnEachDatabase(Native, "http://127.0.0.1:50123/callback"), OnEachDatabase(House, "com.example.house:/callback")]
    public async Task What_was_allowed_before_is_confirmed_for_every_request(TestDatabase database, string clientId, string redirectUri)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();
        var app = new RelyingParty(host, clientId, null, redirectUri, AuthenticationBy.None);
        using var browser = host.NewBrowser();
        await app.SignInAsync(browser, person);

        foreach (var _ in new[] { 1, 2 })
        {
            var request = app.NewRequest();
            var asked = await browser.OpenAsync(request.Url);
            Assert.True(asked.Has("consent-allow"), asked.ToString());
            var allowed = await browser.PressAndFollowAsync(asked, "consent-allow");
            Assert.True((await app.ExchangeAsync(request.CodeFrom(allowed), request)).Succeeded);
        }

        var denied = app.NewRequest();
        Assert.Equal("access_denied", denied.ErrorFrom(await browser.PressAndFollowAsync(await browser.OpenAsync(denied.Url), "consent-deny")));
    }

    [Theory, OnEachDatabase] // signing in is an answer too: nobody is asked twice
    public async Task Signing_in_for_a_request_of_the_house_is_enough(TestDatabase database)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();
        var app = new RelyingParty(host, House, null, "com.example.house:/callback", AuthenticationBy.None);
        using var browser = host.NewBrowser();
        var request = app.NewRequest();

        var page = await browser.SignInAsync(await browser.OpenAsync(request.Url), person.UserName, person.Password);

        Assert.NotEmpty(request.CodeFrom(page));
    }

    [Theory, OnEachDatabase] // RFC 8252 §7.2: an https address that the system gives to one app only
    public async Task An_app_behind_a_claimed_address_is_like_any_other_client(TestDatabase database)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();
        var app = new RelyingParty(host, Linked, null, "https://linked.example/callback", AuthenticationBy.None);
        using var browser = host.NewBrowser();
        await app.SignInAsync(browser, person);

        var silent = app.NewRequest(change: parameters => parameters["prompt"] = "none");

        Assert.NotEmpty(silent.CodeFrom(await browser.OpenAsync(silent.Url)));
    }

    private async Task<ProviderHost> ProviderAsync(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync($$"""
            { "clients": [
              { "client_id": "{{House}}", "application_type": "native", "token_endpoint_auth_method": "none", "first_party": true,
                "redirect_uris": ["com.example.house:/callback"] },
              { "client_id": "{{Linked}}", "application_type": "native", "token_endpoint_auth_method": "none",
                "redirect_uris": ["https://linked.example/callback"] }] }
            """);
        return host;
    }
}
