using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Preview;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Preview;

/// <summary>What tests of the preview do again and again.</summary>
internal static class PreviewSteps
{
    public static async Task<PreviewedTokens> PreviewAsync(this ProviderHost host, string? subject, string clientId, string scope = "", string? resource = null)
    {
        await using var services = host.Services.CreateAsyncScope();
        return await services.ServiceProvider.GetRequiredService<TokenPreview>().PreviewAsync(
            new PreviewRequest(subject, clientId, scope.Split(' ', StringSplitOptions.RemoveEmptyEntries), resource), "a test", CancellationToken.None);
    }

    /// <summary>How many rows each table has, the audit's and those of background jobs aside.</summary>
    public static async Task<string> RowsAsync(this ProviderHost host)
    {
        await host.Services.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        return await host.ReadAsync(async db =>
        {
            var counts = new List<string>();
            foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct().Order(StringComparer.Ordinal)
                .Where(table => table is not ("AuditEvents" or "Leases")))
            {
                var sql = $"""SELECT COUNT(*) AS "Value" FROM "{table}" """;
                var count = await db.Database.SqlQueryRaw<long>(sql).SingleAsync();
                counts.Add($"{table} {count}");
            }

            return string.Join('\n', counts);
        });
    }
}
