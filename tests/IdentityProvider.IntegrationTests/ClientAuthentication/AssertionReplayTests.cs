using System.Net;
using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.ClientAuthentication;

/// <summary>An assertion works once (RFC 7523 §3, OpenID Connect Core §9). Checklist row CA15.</summary>
public sealed class AssertionReplayTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // CA15
    public async Task A_used_assertion_is_refused_everywhere(TestDatabase database)
    {
        var client = await (await providers.OnAsync(database)).NewSignerAsync(new ClientKey());
        var assertion = client.NewAssertion();
        var signed = assertion.Sign();
        Assert.Equal(HttpStatusCode.OK, (await client.PresentAsync(signed)).Status);

        (await client.PresentAsync(signed)).AssertRefused("used before");
        (await client.PostAsync("connect/introspect", new() { ["token"] = "x", ["client_assertion"] = signed })).AssertRefused("used before");
        (await client.PostAsync("connect/revoke", new() { ["token"] = "x", ["client_assertion"] = signed })).AssertRefused("used before");
        // Signed anew, but with the same jti.
        (await client.PresentAsync(assertion.Sign())).AssertRefused("used before");
    }

    [Theory, OnEachDatabase] // CA15, on two nodes at the same moment
    public async Task Of_many_uses_at_once_exactly_one_succeeds(TestDatabase database)
    {
        await using var first = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var client = await first.NewSignerAsync(new ClientKey());
        await using var second = await first.StartSecondNodeAsync();
        var nodes = new[] { client, new RelyingParty(second, client.ClientId, null, null, AuthenticationBy.PrivateKeyJwt) };

        for (var round = 0; round < 3; round++)
        {
            var assertion = client.NewAssertion().Sign();

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => nodes[i % 2].PresentAsync(assertion)));

            Assert.Single(answers, answer => answer.Succeeded);
            Assert.All(answers.Where(answer => !answer.Succeeded), answer => answer.AssertRefused("used before"));
        }
    }

    [Theory, OnEachDatabase]
    public async Task Nobody_uses_up_what_another_one_signed(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var (client, other) = (await host.NewSignerAsync(new ClientKey()), await host.NewSignerAsync(new ClientKey()));
        const string Jti = "the-same-for-both";

        // A forgery, and a good one of somebody else with the same jti, come first.
        (await client.PresentAsync(assertion => (assertion.Key, assertion.Claims["jti"]) = (new ClientKey(), Jti))).AssertRefused("No key of this client");
        Assert.Equal(HttpStatusCode.OK, (await other.PresentAsync(assertion => assertion.Claims["jti"] = Jti)).Status);

        Assert.Equal(HttpStatusCode.OK, (await client.PresentAsync(assertion => assertion.Claims["jti"] = Jti)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Used_assertions_are_remembered_until_they_are_too_old_and_then_forgotten(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var client = await host.NewSignerAsync(new ClientKey());
        var signed = client.NewAssertion(assertion => assertion.Claims["exp"] = host.Clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds()).Sign();
        (await client.PresentAsync(signed)).OrFail();

        host.Clock.Advance(TimeSpan.FromMinutes(10));
        await PruneAsync(host);
        (await client.PresentAsync(signed)).AssertRefused("used before");

        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await PruneAsync(host);
        Assert.Equal(0, await CountAsync(host));
        (await client.PresentAsync(signed)).AssertRefused("has expired");
    }

    private static async Task PruneAsync(ProviderHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await host.Services.GetServices<RecurringJob>().Single(job => job.Name == "client-authentication.prune-used-proofs")
            .RunAsync(scope.ServiceProvider, CancellationToken.None);
    }

    private static async Task<int> CountAsync(ProviderHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<UsedProof>().CountAsync();
    }
}
