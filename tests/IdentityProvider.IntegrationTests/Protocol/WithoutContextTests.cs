using System.Net;
using IdentityProvider.IntegrationTests.Authorize;
using IdentityProvider.IntegrationTests.ClientAuthentication;
using IdentityProvider.IntegrationTests.Evaluation;
using IdentityProvider.IntegrationTests.Sessions;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Protocol;

/// <summary>
/// Requests of which there are many go around EF Core altogether, once the caches are warm: none takes a context, nor has anything made that takes one.
/// </summary>
public sealed class WithoutContextTests
{
    private const string SessionsPage = "/account/sessions";
    private const string Pairwise = "without-context-pairwise";
    private const string PairwiseSecret = "pairwise-secret-000000000000000000000000000";

    [Theory, OnEachDatabase]
    public async Task Token_authorization_pushed_userinfo_introspection_and_evaluation_requests_and_sign_ins_take_no_context(TestDatabase database)
    {
        Installed.Require(database);
        var leases = new ContextLeases();
        await using var host = await ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Services = services =>
            {
                TwoNodes.WithoutJobs(services);
                leases.Observe(services);
            },
        });
        await host.ApplyAsync($$"""
            {
              "resources": [ { "identifier": "{{ApiResource}}", "permissions": ["orders.place"] } ],
              "clients": [
                {
                  "client_id": "{{Pairwise}}", "client_secret": "{{PairwiseSecret}}", "redirect_uris": ["{{RedirectUri}}"],
                  "subject_type": "pairwise", "scope": "openid profile"
                }
              ]
            }
            """);
        var clients = new Callers(
            host.RelyingParty(Shop), host.RelyingParty(Machine), host.RelyingParty(Api),
            new RelyingParty(host, Pairwise, PairwiseSecret, RedirectUri, AuthenticationBy.Basic),
            await host.NewSignerAsync(new ClientKey()), await FrontChannelClients.HybridAsync(host));

        await RequestAsync(host, clients);
        leases.Clear();
        await RequestAsync(host, clients);

        Assert.DoesNotContain(leases.Taken, taken => !taken.StartsWith("/account/", StringComparison.Ordinal));
        // Others are seen to take one.
        Assert.Contains($"{SessionsPage} AppDbContext", leases.Taken);
    }

    private static async Task RequestAsync(ProviderHost host, Callers clients)
    {
        (await clients.Machine.ClientCredentialsAsync("orders")).OrFail();
        (await clients.Signer.ClientCredentialsAsync("orders")).OrFail();

        // Pushed, answered after a sign-in and consent, and then at once.
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var pushed = clients.Shop.NewRequest("openid profile offline_access orders");
        var page = await browser.OpenAsync(await clients.Shop.PushedUrlAsync(pushed));
        page = await browser.SignInAsync(page, person.UserName, person.Password);
        page = page.Has("consent-allow") ? await browser.PressAndFollowAsync(page, "consent-allow") : page;
        var tokens = (await clients.Shop.ExchangeAsync(pushed.CodeFrom(page), pushed)).OrFail();
        tokens = (await clients.Shop.RefreshAsync(tokens.RefreshToken)).OrFail();
        (await clients.Shop.UserInfoAsync(tokens.AccessToken)).OrFail();
        (await clients.Api.IntrospectAsync(tokens.AccessToken)).OrFail();
        (await clients.Shop.IntrospectAsync(tokens.RefreshToken)).OrFail();
        Assert.False(await clients.Api.MayAsync(person.Subject, "orders.place"));
        tokens = await clients.Shop.SignInAsync(browser, person, "openid");

        // Posted by the client's site, with a hint of who is meant.
        var posted = clients.Shop.NewRequest(change: parameters => parameters["id_token_hint"] = tokens.IdToken);
        posted.CodeFrom(await browser.FollowAsync(await browser.PostAsync("/connect/authorize", posted.Parameters, new Uri("https://app.example/"))));

        // Known by the sector's subject, and asked for again by it.
        tokens = await clients.Pairwise.SignInAsync(browser, person, "openid profile");
        await clients.Pairwise.SignInAsync(browser, person.UserName, person.Password, change: parameters => parameters["id_token_hint"] = tokens.IdToken);

        // Tokens at once.
        var hybrid = clients.Hybrid.NewRequest("openid", parameters => parameters["response_type"] = "code id_token token");
        hybrid.CodeFrom(await browser.AuthorizeAsync(hybrid, person));

        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(SessionsPage)).Status);
    }

    private sealed record Callers(RelyingParty Shop, RelyingParty Machine, RelyingParty Api, RelyingParty Pairwise, RelyingParty Signer, RelyingParty Hybrid);
}
