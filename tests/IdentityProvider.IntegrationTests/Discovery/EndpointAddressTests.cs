using System.Net;

namespace IdentityProvider.IntegrationTests.Discovery;

/// <summary>An endpoint answers at its address, however its letters are written and with or without a slash at its end, and nowhere else.</summary>
public sealed class EndpointAddressTests(SharedProviders providers)
{
    [Theory, OnEachDatabase("connect/introspect"), OnEachDatabase("connect/introspect/"), OnEachDatabase("Connect/INTROSPECT"), OnEachDatabase("connect/introspect?more=1")]
    public async Task An_endpoint_answers_at_its_address(TestDatabase database, string path)
    {
        var host = await providers.OnAsync(database);

        var answer = await host.RelyingParty(StandardDeclaration.Api).PostAsync(path, new() { ["token"] = "unknown" });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("""{"active":false}""", answer.Body);
    }

    [Theory, OnEachDatabase("connect/introspects"), OnEachDatabase("connect/introspect//"), OnEachDatabase("connect/introspect/x"), OnEachDatabase("x/connect/introspect")]
    public async Task Nothing_answers_elsewhere(TestDatabase database, string path)
    {
        var host = await providers.OnAsync(database);

        var answer = await host.RelyingParty(StandardDeclaration.Api).PostAsync(path, new() { ["token"] = "unknown" });

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }
}
