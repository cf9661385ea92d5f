using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.AuditTrail;
using IdentityProvider.IntegrationTests.DeviceAuthorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>A device endpoint answers everybody: what strangers are refused there must not become a row each.</summary>
public class RefusedDeviceTests
{
    [Theory, OnEachDatabase]
    public async Task Refused_device_requests_are_counted_and_fill_no_table(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("invalid_scope", (await host.Device().AskAsync("openid nonsense")).Error);
        }

        await host.Services.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        await using var scope = host.Services.CreateAsyncScope();
        var refused = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>().CountAsync(row => !row.Succeeded);
        var record = Assert.Single(await host.RefusalsAsync());

        Assert.Equal(("device_authorization", 20), (record.Endpoint, record.Count));
        Assert.Equal(0, refused);
    }
}
