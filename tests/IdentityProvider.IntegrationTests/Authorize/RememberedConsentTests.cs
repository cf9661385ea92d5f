using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Consents;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Accounts;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Sessions;
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
        var sid = await host.NewSessionAsync(person);
        string[] scopes = ["email", "openid", "orders", "phone", "profile"];

        await Task.WhenAll(scopes.Select(scope => Task.Run(() =>
            ledger.AllowAsync(person.Id, person.Subject, StandardDeclaration.Shop, sid, [scope], CancellationToken.None))));

        var consent = await ledger.FindAsync(person.Id, StandardDeclaration.Shop, CancellationToken.None);
        Assert.Equal(scopes, consent!.Scopes.Order(StringComparer.Ordinal));
        await using var services = host.Services.CreateAsyncScope();
        var recorded = await services.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>()
            .Where(row => row.Subject == person.Subject && row.Type == AuditEventType.ConsentGranted).Select(row => row.Reason).ToListAsync();
        Assert.Equal(scopes, recorded.Order(StringComparer.Ordinal));
    }

    // Whoever answers may be somebody whom the end of the session was to keep out.
    [Theory, OnEachDatabase]
    public async Task Nothing_is_remembered_once_the_session_has_ended(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        var ledger = host.Services.GetRequiredService<ConsentLedger>();
        var sid = await host.NewSessionAsync(person);
        Assert.True(await AllowAsync("openid"));

        await host.InScopeAsync(async services =>
        {
            await services.GetRequiredService<SessionRegistry>().EndAllAsync(person.Id, SessionEndReason.PasswordChanged, CancellationToken.None);
            return 0;
        });

        Assert.False(await AllowAsync("email"));
        Assert.Equal(["openid"], (await ledger.FindAsync(person.Id, StandardDeclaration.Shop, CancellationToken.None))!.Scopes);

        Task<bool> AllowAsync(string scope) =>
            ledger.AllowAsync(person.Id, person.Subject, StandardDeclaration.Shop, sid, [scope], CancellationToken.None);
    }

    [Theory, OnEachDatabase]
    public async Task Nothing_is_remembered_for_a_client_that_is_removed_at_that_moment(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var ledger = host.Services.GetRequiredService<ConsentLedger>();
        var people = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.NewPersonAsync()));
        var sids = new Dictionary<TestPerson, string>();
        foreach (var person in people)
        {
            sids[person] = await host.NewSessionAsync(person);
        }

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
            ledger.AllowAsync(person.Id, person.Subject, leaving, sids[person], ["openid"], CancellationToken.None);
    }
}

internal static class ConsentSteps
{
    /// <summary>A session of somebody, without a browser; its <c>sid</c>.</summary>
    public static async Task<string> NewSessionAsync(this ProviderHost host, TestPerson person)
    {
        await host.AddSessionsAsync(person, 1);
        return await host.LiveSessionAsync(person);
    }

    public static Task<string> LiveSessionAsync(this ProviderHost host, TestPerson person) => host.ReadAsync(db =>
        db.Set<Session>().Where(session => session.UserId == person.Id && session.EndedAt == null).OrderBy(session => session.Id).Select(session => session.Id).FirstAsync());
}
