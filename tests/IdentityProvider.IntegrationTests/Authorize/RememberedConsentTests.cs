using IdentityProvider.Audit;
using IdentityProvider.Consents;
using IdentityProvider.Data;
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
}
