using IdentityProvider.Clients;
using IdentityProvider.IntegrationTests.TokenExchange;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>An administrator who removes a client, because it is not to be trusted any more, takes away all that it holds.</summary>
public class RemovedClientTests
{
    [Theory, OnEachDatabase]
    public async Task The_tokens_of_a_client_end_with_it_however_it_came_by_them(TestDatabase database)
    {
        await using var host = await Exchanges.StartAsync(database);
        var (front, middle, last) = (host.Party("front"), host.Party("middle"), host.Party("last"));
        var tokens = await front.SignInAsync(await host.NewPersonAsync(), "openid first second");
        var own = await middle.OwnTokenAsync("second");
        var exchanged = (await middle.ExchangeTokenAsync(tokens.AccessToken, own)).OrFail();
        foreach (var token in new[] { tokens.AccessToken, own, exchanged.AccessToken })
        {
            Assert.Equal("True", (await last.IntrospectAsync(token))["active"], ignoreCase: true);
        }

        await using (var scope = host.Services.CreateAsyncScope())
        {
            Assert.True(await scope.ServiceProvider.GetRequiredService<ClientRegistry>().DeleteAsync("middle", CancellationToken.None));
        }

        Assert.Equal("True", (await last.IntrospectAsync(tokens.AccessToken))["active"], ignoreCase: true);
        foreach (var token in new[] { own, exchanged.AccessToken })
        {
            Assert.Equal("False", (await last.IntrospectAsync(token))["active"], ignoreCase: true);
        }
    }
}
