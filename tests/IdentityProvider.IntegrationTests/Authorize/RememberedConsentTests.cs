using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Consents;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Accounts;
using IdentityProvider.IntegrationTests.Declarations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>What a person allowed is remembered whole, however many tabs answer.</summary>
public sealed class RememberedConsentTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task Of_answers_given_at_once_each_is_remembered_and_recorded(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        var ledger = host.Services.GetRequiredService<ConsentLedger>();
        string[] scopes = ["email", "openid", "orders", "phone", "profile"];

        await Task.WhenAll(scopes.Select(scope => Task.Run(() =>
            ledger.AllowAsync(person.Id, person.Subject, StandardDeclaration.Shop, "sid", [scope], CancellationToken.None))));

        var consent = await ledger.FindAsync(person.Id, StandardDeclaration.Shop, CancellationToken.None);
        Assert.Equal(scopes, consent!.Scopes.Order(StringComparer.Ordinal));
        await using var services = host.Services.CreateAsyncScope();
        var recorded = await services.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>()
            .Where(row => row.Subject == person.Subject && row.Type == AuditEventType.ConsentGranted).Select(row => row.Reason).ToListAsync();
        Assert.Equal(scopes, recorded.Order(StringComparer.Ordinal));
    }

    [Theory, OnEachDatabase]
    public async Task Nothing_is_remembered_for_a_client_that_is_removed_at_that_moment(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var ledger = host.Services.GetRequiredService<ConsentLedger>();
        var people = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.NewPersonAsync()));
        const string leaving = "leaving-client";
        await host.ApplyAsync($$"""
            { "clients": [{ "client_id": "{{leaving}}", "client_secret": "leaving-secret-000000000000000000000000000", "redirect_uris": ["https://leaving.example/cb"],
              "scope": "openid" }] }
            """);
        Assert.True(await AllowAsync(people[0]));

        var answers = people.Select(person => Task.Run(() => AllowAsync(person))).ToList();
        Assert.True(await host.InScopeAsync(services => services.GetRequiredService<ClientRegistry>().DeleteAsync(leaving, CancellationToken.None)));
        await Task.WhenAll(answers);

        Assert.False(await AllowAsync(people[0]));
        Assert.Equal(0, await host.ReadAsync(db => db.Set<Consent>().CountAsync(consent => consent.ClientId == leaving)));

        Task<bool> AllowAsync(TestPerson person) =>
            ledger.AllowAsync(person.Id, person.Subject, leaving, "sid", ["openid"], CancellationToken.None);
    }
}
