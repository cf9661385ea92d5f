using IdentityProvider.Audit;
using IdentityProvider.IntegrationTests.ClientAuthentication;
using IdentityProvider.IntegrationTests.DeviceAuthorization;
using IdentityProvider.IntegrationTests.TokenExchange;

namespace IdentityProvider.IntegrationTests.AuditTrail;

/// <summary>Refusals of single capabilities: the record names the rule, not only the error.</summary>
public sealed class DecisionRuleTests
{
    private const string Clients = """
        {
          "clients": [
            {
              "client_id": "pusher", "token_endpoint_auth_method": "none", "redirect_uris": ["https://app.example/callback"],
              "require_pushed_authorization_requests": true
            },
            {
              "client_id": "hybrid", "token_endpoint_auth_method": "none", "redirect_uris": ["https://app.example/callback"],
              "grant_types": ["authorization_code", "implicit"], "response_types": ["code", "code id_token"]
            }
          ]
        }
        """;

    [Theory, OnEachDatabase]
    public async Task Authorization_requests(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        await host.ApplyAsync(Clients);
        using var browser = host.NewBrowser();

        await AssertRecordsAsync(host,
        [
            ("authorization", "request_uri.required", "invalid_request", () => OpenAsync("pusher", _ => { })),
            ("authorization", "request_uri.unusable", "invalid_request_uri",
                () => browser.OpenAsync("/connect/authorize?client_id=pusher&request_uri=urn:ietf:params:oauth:request_uri:none")),
            ("authorization", "nonce.missing", "invalid_request", () => OpenAsync("hybrid", p => { p["response_type"] = "code id_token"; p.Remove("nonce"); })),
            ("authorization", "claims.unreadable", "invalid_request", () => OpenAsync("hybrid", p => p["claims"] = "nonsense")),
            ("authorization", "resource.malformed", "invalid_target", () => OpenAsync("hybrid", p => p["resource"] = "nonsense")),
        ]);

        async Task OpenAsync(string client, Action<Dictionary<string, string>> change) =>
            await browser.OpenAsync(new RelyingParty(host, client, null, "https://app.example/callback", AuthenticationBy.None).NewRequest(change: change).Url);
    }

    [Theory, OnEachDatabase]
    public async Task Client_assertions(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        var signer = await host.NewSignerAsync(new ClientKey());
        var once = signer.NewAssertion().Sign();
        (await signer.PresentAsync(once)).OrFail();

        await AssertRecordsAsync(host,
        [
            ("token", "client_assertion.refused", "invalid_client", () => signer.PresentAsync(once)),
            ("token", "client.two_methods", "invalid_request", () => signer.TokenAsync(new() { ["grant_type"] = "client_credentials", ["client_secret"] = "x" })),
        ]);
    }

    [Theory, OnEachDatabase]
    public async Task Devices_and_their_codes(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        var (tv, box) = (host.Device(), host.Device("box"));
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var (denied, used, late) = ((await tv.AskAsync()).OrFail(), (await tv.AskAsync()).OrFail(), (await tv.AskAsync()).OrFail());
        await browser.PressAndFollowAsync(await browser.TypeCodeAsync(denied["user_code"]), "device-deny");
        await browser.AllowAsync(used["user_code"]);
        (await tv.PollAsync(used["device_code"])).OrFail();

        await AssertRecordsAsync(host,
        [
            ("device_authorization", "scope.unknown", "invalid_scope", () => tv.AskAsync("openid nosuchscope")),
            ("device_authorization", "scope.not_allowed", "invalid_scope", () => box.AskAsync("openid reports")),
            ("device_authorization", "resource.not_allowed", "invalid_target",
                () => tv.PostAsync("connect/device", new() { ["scope"] = "openid", ["resource"] = StandardDeclaration.ApiResource })),
            ("token", "resource.not_granted", "invalid_target", () => tv.TokenAsync(new()
            {
                ["grant_type"] = Devices.DeviceCodeGrant, ["device_code"] = late["device_code"], ["resource"] = StandardDeclaration.ApiResource,
            })),
            ("token", "device_code.unknown", "invalid_grant", () => tv.PollAsync("nonsense")),
            ("token", "device_code.denied", "access_denied", () => tv.PollAsync(denied["device_code"])),
            ("token", "device_code.used", "invalid_grant", () => tv.PollAsync(used["device_code"])),
            ("token", "device_code.expired", "expired_token", () =>
            {
                host.Clock.Advance(TimeSpan.FromMinutes(11));
                return tv.PollAsync(late["device_code"]);
            }),
        ]);
        var scope = Difference.FromJson((await host.RefusalAsync("scope.not_allowed")).Difference)!;
        Assert.Equal(("scope", "reports"), (scope.What, scope.Sent));
    }

    [Theory, OnEachDatabase]
    public async Task Exchanges_of_tokens(TestDatabase database)
    {
        await using var host = await Exchanges.StartAsync(database);
        var (front, middle, stranger, support) = (host.Party("front"), host.Party("middle"), host.Party("stranger"), host.Party("support"));
        var person = await host.NewPersonAsync();
        var token = (await front.SignInAsync(person, "openid profile first")).AccessToken;
        var bare = (await front.SignInAsync(person, "openid")).AccessToken;
        var (own, foreign) = (await middle.OwnTokenAsync(), await stranger.OwnTokenAsync());
        var supporter = await support.OwnTokenAsync();

        await AssertRecordsAsync(host,
        [
            ("token", "grant_type.not_registered", "unauthorized_client", () => host.Party("machine-only").ExchangeTokenAsync(token)),
            ("token", "subject_token.other_client", "invalid_request", () => stranger.ExchangeTokenAsync(token, foreign)),
            ("token", "exchange.impersonation", "unauthorized_client", () => middle.ExchangeTokenAsync(token)),
            ("token", "exchange.delegation", "unauthorized_client", () => support.ExchangeTokenAsync(token, supporter)),
            ("token", "actor_token.other_client", "invalid_request", () => middle.ExchangeTokenAsync(token, foreign)),
            ("token", "scope.not_granted", "invalid_scope", () => middle.ExchangeTokenAsync(token, own, form => form["scope"] = "second")),
            ("token", "scope.not_allowed", "invalid_scope", () => middle.ExchangeTokenAsync(token, own, form => form["scope"] = "profile")),
            ("token", "scope.none_left", "invalid_scope", () => support.ExchangeTokenAsync(bare)),
            ("token", "resource.not_allowed", "invalid_target", () => middle.ExchangeTokenAsync(token, own, form => form["resource"] = Exchanges.Second)),
            ("token", "resource.malformed", "invalid_target", () => middle.ExchangeTokenAsync(token, own, form => form["resource"] = "nonsense")),
        ]);
        var client = Difference.FromJson((await host.RefusalAsync("subject_token.other_client")).Difference)!;
        Assert.Equal(("front", "stranger"), (client.Sent, Assert.Single(client.Others!)));
    }

    private static async Task AssertRecordsAsync(ProviderHost host, (string Endpoint, string Rule, string Error, Func<Task> Ask)[] refusals)
    {
        foreach (var refusal in refusals)
        {
            await refusal.Ask();
        }

        Assert.Equal(
            string.Join('\n', refusals.Select(refusal => $"{refusal.Endpoint} {refusal.Rule} {refusal.Error}").Order(StringComparer.Ordinal)),
            string.Join('\n', (await host.RefusalsAsync()).Select(record => $"{record.Endpoint} {record.Rule} {record.Error}").Order(StringComparer.Ordinal)));
    }
}
