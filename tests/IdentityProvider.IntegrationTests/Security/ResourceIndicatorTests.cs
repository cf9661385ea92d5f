using System.Net;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>RFC 8707: a client says which APIs it means, and its tokens are for these and say nothing of others.</summary>
public sealed class ResourceIndicatorTests(SharedProviders providers)
{
    private const string Both = "openid offline_access orders reports";

    [Theory] // §2: an absolute URI without a fragment, and one that exists
    [OnEachDatabase("orders")]
    [OnEachDatabase("/orders")]
    [OnEachDatabase(ApiResource + "#fragment")]
    [OnEachDatabase("https://nowhere.example")]
    public async Task What_is_no_resource_is_refused_everywhere(TestDatabase database, string resource)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        var tokens = await shop.SignInAsync(await host.NewPersonAsync(), "openid offline_access orders");
        var request = shop.NewRequest("openid orders", parameters => parameters["resource"] = resource);
        using var browser = host.NewBrowser();

        Assert.Equal("invalid_target", request.ErrorFrom(await browser.OpenAsync(request.Url)));
        Assert.Equal("invalid_target", (await shop.PostAsync("connect/par", new(request.Parameters))).Error);
        Assert.Equal("invalid_target", (await RefreshAsync(shop, tokens.RefreshToken, resources: [resource])).Error);
        Assert.Equal("invalid_target", (await MachineAsync(host, "orders", resource)).Error);
        (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();
    }

    [Theory, OnEachDatabase] // §2: none of the scopes opens it
    public async Task A_resource_that_no_requested_scope_opens_is_refused(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        var request = shop.NewRequest("openid orders", parameters => parameters["resource"] = ReportsResource);
        using var browser = host.NewBrowser();

        Assert.Equal("invalid_target", request.ErrorFrom(await browser.OpenAsync(request.Url)));
        Assert.Equal("invalid_target", (await MachineAsync(host, "orders", ReportsResource)).Error);
    }

    [Theory, OnEachDatabase] // §2.1
    public async Task Several_resources_at_the_authorization_endpoint_are_granted_together(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var request = shop.NewRequest(Both);
        var login = await browser.OpenAsync($"{request.Url}&{ResourcesOf(ApiResource, ReportsResource)}");
        var consent = await browser.SignInAsync(login, person.UserName, person.Password);

        var tokens = (await shop.ExchangeAsync(request.CodeFrom(await browser.PressAndFollowAsync(consent, "consent-allow")), request)).OrFail();

        AssertToken(tokens, Both, ApiResource, ReportsResource);
    }

    [Theory] // §2.1, §2.2
    [OnEachDatabase(true)]
    [OnEachDatabase(false)]
    public async Task What_only_other_resources_know_is_neither_asked_nor_granted(TestDatabase database, bool pushed)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var request = shop.NewRequest(Both, parameters => parameters["resource"] = ApiResource);
        var url = request.Url;
        if (pushed)
        {
            var answer = await shop.PostAsync("connect/par", new(request.Parameters));
            url = $"/connect/authorize?client_id={Shop}&request_uri={Uri.EscapeDataString(answer["request_uri"])}";
        }

        var consent = await browser.SignInAsync(await browser.OpenAsync(url), person.UserName, person.Password);
        Assert.Contains("See and place your orders", consent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Read reports", consent.Text, StringComparison.Ordinal);
        var tokens = (await shop.ExchangeAsync(request.CodeFrom(await browser.PressAndFollowAsync(consent, "consent-allow")), request)).OrFail();

        AssertToken(tokens, "openid offline_access orders", ApiResource);
        Assert.Equal("invalid_target", (await RefreshAsync(shop, tokens.RefreshToken, resources: [ReportsResource])).Error);
        Assert.Equal("invalid_scope", (await RefreshAsync(shop, tokens.RefreshToken, "reports")).Error);
    }

    [Theory, OnEachDatabase] // §2.2
    public async Task A_code_may_be_exchanged_for_one_resource_and_the_grant_keeps_the_others(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        var request = shop.NewRequest(Both);
        using var browser = host.NewBrowser();
        var code = request.CodeFrom(await browser.AuthorizeAsync(request, await host.NewPersonAsync()));

        var first = (await TokenAsync(shop, "authorization_code", [
            new("code", code), new("redirect_uri", request.RedirectUri), new("code_verifier", request.CodeVerifier), new("resource", ReportsResource)])).OrFail();
        var both = (await RefreshAsync(shop, first.RefreshToken, resources: [ReportsResource, ApiResource])).OrFail();
        var api = (await RefreshAsync(shop, both.RefreshToken, resources: [ApiResource])).OrFail();
        var all = (await shop.RefreshAsync(api.RefreshToken)).OrFail();

        AssertToken(first, "openid offline_access reports", ReportsResource);
        AssertToken(both, Both, ApiResource, ReportsResource);
        AssertToken(api, "openid offline_access orders", ApiResource);
        AssertToken(all, Both, ApiResource, ReportsResource);
        Assert.False((await host.RelyingParty(Api).IntrospectAsync(first.AccessToken)).OrFail().Json.GetProperty("active").GetBoolean());
    }

    [Theory, OnEachDatabase] // §2.2: a token for nothing that was asked for is none
    public async Task Scopes_and_resources_of_a_refresh_must_belong_together(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        var tokens = await shop.SignInAsync(await host.NewPersonAsync(), Both);

        Assert.Equal("invalid_target", (await RefreshAsync(shop, tokens.RefreshToken, "openid reports", ApiResource)).Error);
        var orders = (await RefreshAsync(shop, tokens.RefreshToken, "openid orders", ApiResource)).OrFail();

        AssertToken(orders, "openid orders", ApiResource);
    }

    [Theory, OnEachDatabase]
    public async Task A_machine_names_one_of_its_APIs_or_several(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        AssertToken((await MachineAsync(host, "orders reports", ApiResource)).OrFail(), "orders", ApiResource);
        AssertToken((await MachineAsync(host, "orders reports", ApiResource, ReportsResource, ApiResource)).OrFail(), "orders reports", ApiResource, ReportsResource);
        AssertToken((await MachineAsync(host, "orders reports")).OrFail(), "orders reports", ApiResource, ReportsResource);
    }

    [Theory, OnEachDatabase] // resources are rows: one that is declared while the server runs is known at once
    public async Task A_resource_declared_later_can_be_asked_for(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync("""
            {
              "resources": [ { "identifier": "urn:example:late" } ],
              "scopes": [ { "name": "late", "resources": ["urn:example:late"] } ],
              "clients": [ { "client_id": "late-machine", "client_secret": "late-secret-0000000000000000000000000000000", "grant_types": ["client_credentials"], "scope": "late" } ]
            }
            """);
        var machine = new RelyingParty(host, "late-machine", "late-secret-0000000000000000000000000000000", null, AuthenticationBy.Basic);

        var tokens = (await TokenAsync(machine, "client_credentials", [new("scope", "late"), new("resource", "urn:example:late")])).OrFail();

        AssertToken(tokens, "late", "urn:example:late");
    }

    private static void AssertToken(ProtocolResponse tokens, string scope, params string[] audiences)
    {
        var claims = Wire.ClaimsOf(tokens.AccessToken);
        var audience = claims.GetProperty("aud");
        Assert.Equal(audiences.Order(StringComparer.Ordinal),
            (audience.ValueKind == System.Text.Json.JsonValueKind.Array ? audience.EnumerateArray().Select(one => one.GetString()!) : [audience.GetString()!]).Order(StringComparer.Ordinal));
        Assert.Equal(Sorted(scope), Sorted(claims.GetProperty("scope").GetString()!));
        // RFC 6749 §5.1: named whenever it is not what was asked for.
        Assert.Equal(Sorted(scope), Sorted(tokens.Find("scope") ?? scope));
    }

    private static IEnumerable<string> Sorted(string scope) => scope.Split(' ').Order(StringComparer.Ordinal);

    private static Task<ProtocolResponse> RefreshAsync(RelyingParty client, string refreshToken, string? scope = null, params string[] resources) =>
        TokenAsync(client, "refresh_token", [
            new("refresh_token", refreshToken),
            .. scope is null ? Array.Empty<KeyValuePair<string, string>>() : [new("scope", scope)],
            .. resources.Select(resource => KeyValuePair.Create("resource", resource))]);

    private static Task<ProtocolResponse> MachineAsync(ProviderHost host, string scope, params string[] resources) =>
        TokenAsync(host.RelyingParty(Machine), "client_credentials", [
            new("scope", scope), .. resources.Select(resource => KeyValuePair.Create("resource", resource))]);

    private static Task<ProtocolResponse> TokenAsync(RelyingParty client, string grantType, KeyValuePair<string, string>[] parameters)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "connect/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", grantType), .. parameters]),
        };
        request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(client.ClientId, client.Secret!));
        return client.SendAsync(request);
    }

    private static string ResourcesOf(params string[] resources) => string.Join('&', resources.Select(resource => "resource=" + WebUtility.UrlEncode(resource)));
}
