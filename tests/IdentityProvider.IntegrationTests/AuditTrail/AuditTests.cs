using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityProvider.IntegrationTests.AuditTrail;

public sealed class AuditTests(SharedProviders providers)
{
    [Theory]
    [OnEachDatabase]
    public async Task Recorded_events_are_written_behind_the_request(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var client = "client-" + Guid.CreateVersion7();
        var audit = provider.Services.GetRequiredService<AuditLog>();

        for (var i = 0; i < 1000; i++)
        {
            audit.Record(AuditEventType.SignInRefused, succeeded: false, clientId: client, reason: $"Number {i}.");
        }

        await audit.FlushAsync(CancellationToken.None);
        Assert.Equal(1000, await CountAsync(provider, client));
    }

    [Theory]
    [OnEachDatabase]
    public async Task One_hostile_event_does_not_hold_up_the_others(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var client = "client-" + Guid.CreateVersion7();
        var audit = provider.Services.GetRequiredService<AuditLog>();

        audit.Record(AuditEventType.SignInRefused, false, subject: "a\0b", clientId: client, reason: new string('x', 100_000) + (char)0xD800);
        audit.Record(AuditEventType.SignInRefused, false, subject: ((char)0xDC00).ToString(), clientId: client);

        await audit.FlushAsync(CancellationToken.None);
        Assert.Equal(2, await CountAsync(provider, client));
    }

    [Theory]
    [OnEachDatabase]
    public async Task What_is_queued_when_the_program_stops_is_written(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        provider.Services.GetRequiredService<AuditLog>().Record(AuditEventType.TokenIssued, true, clientId: "last-words");

        await provider.RestartAsync();

        Assert.Equal(1, await CountAsync(provider, "last-words"));
    }

    private static async Task<int> CountAsync(ProviderHost provider, string clientId)
    {
        await using var scope = provider.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>().CountAsync(row => row.ClientId == clientId);
    }
}
