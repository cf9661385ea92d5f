using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace IdentityProvider.IntegrationTests.Protocol;

/// <summary>A handler or filter that is not registered fails only at the request that meets it; here it fails now.</summary>
public sealed class HandlerTests(SharedProviders providers)
{
    [Fact]
    public async Task Every_handler_and_every_filter_can_be_made()
    {
        var host = await providers.OnAsync(TestDatabase.Sqlite);
        await using var scope = host.Services.CreateAsyncScope();
        var handlers = scope.ServiceProvider.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue.Handlers;

        Assert.NotEmpty(handlers);
        Assert.All(handlers, handler =>
        {
            Assert.NotNull(scope.ServiceProvider.GetService(handler.ServiceDescriptor.ServiceType));
            Assert.All(handler.FilterTypes, filter => Assert.True(scope.ServiceProvider.GetService(filter) is not null, $"{handler.ServiceDescriptor.ServiceType}: {filter}"));
        });
    }
}
