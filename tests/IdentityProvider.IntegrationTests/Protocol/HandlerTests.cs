using IdentityProvider.Protocol;
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

    // The dispatcher keeps filters and these handlers for all requests.
    [Fact]
    public async Task Filters_are_the_same_for_every_request()
    {
        var host = await providers.OnAsync(TestDatabase.Sqlite);
        await using var one = host.Services.CreateAsyncScope();
        await using var other = host.Services.CreateAsyncScope();

        Assert.All(Handlers(host).SelectMany(handler => handler.FilterTypes).Distinct(), filter =>
            Assert.Same(one.ServiceProvider.GetService(filter), other.ServiceProvider.GetService(filter)));
    }

    [Fact]
    public async Task Every_event_goes_to_the_handlers_of_the_options_in_their_order()
    {
        var host = await providers.OnAsync(TestDatabase.Sqlite);
        var known = host.Services.GetRequiredService<EventHandlers>();

        AssertSame<OpenIddictServerEvents.ProcessRequestContext>();
        AssertSame<OpenIddictServerEvents.ProcessAuthenticationContext>();
        AssertSame<OpenIddictServerEvents.ProcessSignInContext>();
        AssertSame<OpenIddictServerEvents.ValidateTokenContext>();
        AssertSame<OpenIddictServerEvents.GenerateTokenContext>();
        AssertSame<OpenIddictServerEvents.ValidateAuthorizationRequestContext>();
        AssertSame<OpenIddictServerEvents.ValidateTokenRequestContext>();

        void AssertSame<TContext>() where TContext : OpenIddictServerEvents.BaseContext
        {
            var expected = Handlers(host).Where(handler => handler.ContextType == typeof(TContext)).Select(handler => handler.ServiceDescriptor.ServiceType).ToList();
            Assert.NotEmpty(expected);
            Assert.Equal(expected, known.For<TContext>().Select(entry => entry.Type));
        }
    }

    private static List<OpenIddictServerHandlerDescriptor> Handlers(ProviderHost host) =>
        host.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue.Handlers;
}
