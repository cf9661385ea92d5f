using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.AuditTrail;

/// <summary>Reads what a provider recorded of its refusals.</summary>
internal static class DecisionRecords
{
    public static async Task<List<DecisionRecord>> RefusalsAsync(this ProviderHost host)
    {
        await host.Services.GetRequiredService<DecisionWriter>().FlushAsync(CancellationToken.None);
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<DecisionRecord>().AsNoTracking().OrderBy(row => row.FirstAt).ThenBy(row => row.Id).ToListAsync();
    }

    /// <summary>The only record by this rule.</summary>
    public static async Task<DecisionRecord> RefusalAsync(this ProviderHost host, string rule)
    {
        var rows = await host.RefusalsAsync();
        var found = rows.Where(row => row.Rule == rule).ToList();
        Assert.True(found.Count == 1, $"{found.Count} records by {rule}: {string.Join(", ", rows.Select(row => $"{row.Endpoint} {row.Rule} {row.Error} x{row.Count}"))}");
        return found[0];
    }

    /// <summary>A provider that believes X-Forwarded-For, so that a test has many addresses.</summary>
    public static Task<ProviderHost> StartAsync(TestDatabase database, Dictionary<string, string?>? settings = null) => ProviderHost.StartAsync(new ProviderSettings
    {
        Database = database,
        Configuration = new Dictionary<string, string?>(settings ?? []) { ["IdentityProvider:ForwardedHeaders:KnownProxies:0"] = "127.0.0.1" },
    });

    public static async Task<ProtocolResponse> RefusedTokenAsync(this ProviderHost host, Dictionary<string, string> form, string? address = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "connect/token") { Content = new FormUrlEncodedContent(form) };
        if (address is not null)
        {
            request.Headers.Add("X-Forwarded-For", address);
        }

        using var response = await host.Http.SendAsync(request);
        return await ProtocolResponse.ReadAsync(response);
    }
}
