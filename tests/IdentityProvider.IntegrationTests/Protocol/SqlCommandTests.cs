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
        await machine.ClientCredentialsAsync("orders");

        AssertAtMost(1, await machine.ClientCredentialsAsync("orders"));
    }

    [Theory, OnEachDatabase]
    public async Task A_code_exchange_costs_at_most_five_commands(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        await shop.SignInAsync(Alice, AlicePassword, "openid offline_access orders");

        AssertAtMost(5, await shop.SignInAsync(Alice, AlicePassword, "openid offline_access orders"));
    }

    [Theory, OnEachDatabase]
    public async Task A_refresh_costs_at_most_five_commands(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid offline_access orders");

        AssertAtMost(5, await shop.RefreshAsync(tokens.RefreshToken));
    }

    [Theory, OnEachDatabase]
    public async Task Userinfo_costs_at_most_two_commands(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid profile email");

        AssertAtMost(2, await shop.UserInfoAsync(tokens.AccessToken));
    }

    [Theory, OnEachDatabase]
    public async Task Introspection_of_a_JWT_costs_at_most_two_commands(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var tokens = await host.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid orders");
        await host.RelyingParty(Api).IntrospectAsync(tokens.AccessToken);

        AssertAtMost(2, await host.RelyingParty(Api).IntrospectAsync(tokens.AccessToken));
    }

    private static void AssertAtMost(int expected, ProtocolResponse answer) => Assert.True(
        answer.OrFail().Sql.Count <= expected, $"{answer.Sql.Count} commands instead of {expected}:\n{string.Join("\n--\n", answer.Sql)}");
}
