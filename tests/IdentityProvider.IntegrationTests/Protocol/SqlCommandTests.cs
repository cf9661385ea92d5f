using System.Net;
using IdentityProvider.IntegrationTests.ClientAuthentication;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Protocol;

/// <summary>
/// What a request costs the database, once the caches are warm.
/// Transaction brackets and queued audit writes are not counted.
/// </summary>
/// <remarks>The providers are not the shared ones: what other tests declare there empties the caches.</remarks>
public sealed class SqlCommandTests(SharedProviders providers) : IClassFixture<SharedProviders>
{
    [Theory, OnEachDatabase]
    public async Task Client_credentials_cost_at_most_one_command(TestDatabase database)
    {
        var machine = (await providers.OnAsync(database)).RelyingParty(Machine);

        await AssertCostsAsync(1, () => machine.ClientCredentialsAsync("orders"));
    }

    [Theory, OnEachDatabase] // The one insert that makes an assertion work once.
    public async Task A_client_assertion_costs_one_command_more(TestDatabase database)
    {
        var client = await (await providers.OnAsync(database)).NewSignerAsync(new ClientKey());

        await AssertCostsAsync(2, () => client.ClientCredentialsAsync("orders"));
    }

    [Theory, OnEachDatabase]
    public async Task A_code_exchange_costs_at_most_five_commands(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        await AssertCostsAsync(5, () => shop.SignInAsync(Alice, AlicePassword, "openid offline_access orders"));
    }

    [Theory, OnEachDatabase]
    public async Task A_refresh_costs_at_most_five_commands(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid offline_access orders");

        await AssertCostsAsync(5, async () => tokens = await shop.RefreshAsync(tokens.RefreshToken));
    }

    [Theory, OnEachDatabase]
    public async Task Userinfo_costs_at_most_two_commands(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid profile email");

        await AssertCostsAsync(2, () => shop.UserInfoAsync(tokens.AccessToken));
    }

    [Theory, OnEachDatabase]
    public async Task Claims_asked_for_by_name_cost_nothing_more(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, change: parameters => parameters["claims"] = """{"userinfo":{"name":null}}""");

        await AssertCostsAsync(2, () => shop.UserInfoAsync(tokens.AccessToken));
    }

    [Theory, OnEachDatabase]
    public async Task Introspection_of_a_JWT_costs_at_most_two_commands(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var tokens = await host.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid orders");

        await AssertCostsAsync(2, () => host.RelyingParty(Api).IntrospectAsync(tokens.AccessToken));
    }

    [Theory, OnEachDatabase]
    public async Task A_pushed_request_costs_one_command(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        await AssertCostsAsync(1, () => shop.PostAsync("connect/par", new(shop.NewRequest("openid orders").Parameters)));
    }

    [Theory, OnEachDatabase]
    public async Task A_signed_introspection_costs_no_more_than_a_plain_one(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var tokens = await host.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid orders");
        var api = host.RelyingParty(Api);

        await AssertCostsAsync(2, () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "connect/introspect") { Content = new FormUrlEncodedContent([new("token", tokens.AccessToken)]) };
            request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(Api, api.Secret!));
            request.Headers.Accept.ParseAdd("application/token-introspection+jwt");
            return api.SendAsync(request);
        });
    }

    // The caches are warm from the second time on, unless the watch over other nodes' changes empties them in between:
    // it does so once after a start, and never again while nothing changes.
    private static async Task AssertCostsAsync(int expected, Func<Task<ProtocolResponse>> send)
    {
        var answers = new[] { await send(), await send(), await send(), await send() }[1..];
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.ToString()));
        var median = answers.OrderBy(answer => answer.Sql.Count).ElementAt(1).Sql;

        Assert.True(median.Count <= expected, $"{median.Count} commands instead of {expected}:\n{string.Join("\n--\n", median)}");
    }
}
