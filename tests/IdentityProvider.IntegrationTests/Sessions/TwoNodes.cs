using IdentityProvider.IntegrationTests.TokenExchange;
using IdentityProvider.Jobs;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>Two nodes on one database, where no job runs unless the test runs it.</summary>
public sealed record TwoNodes(ProviderHost A, ProviderHost B) : IAsyncDisposable
{
    public static async Task<TwoNodes> StartAsync(TestDatabase database, Dictionary<string, string?>? configuration = null, TestClock? second = null)
    {
        Installed.Require(database);
        var first = await ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Configuration = configuration ?? [],
            Services = WithoutJobs,
        });
        await first.DeclareExchangesAsync();
        return new TwoNodes(first, await first.StartSecondNodeAsync(second));
    }

    internal static void WithoutJobs(IServiceCollection services) => services.Remove(services.Single(service =>
        service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(JobRunner)));

    public async ValueTask DisposeAsync()
    {
        await B.DisposeAsync();
        await A.DisposeAsync();
    }
}

/// <summary>What tests of sessions do again and again.</summary>
internal static class SessionSteps
{
    public const string CookieName = "idp.session";

    /// <summary>Runs a job now, whoever may be at it.</summary>
    public static async Task RunAsync(this ProviderHost host, string job)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<RecurringJob>().Single(known => known.Name == job).RunAsync(scope.ServiceProvider, CancellationToken.None);
    }

    /// <summary>Whether a browser with these cookies is signed in at a node.</summary>
    public static async Task<bool> IsSignedInAsync(this ProviderHost host, Browser like)
    {
        using var browser = new Browser(host);
        foreach (var cookie in like.Cookies.All)
        {
            browser.Cookies.Add(cookie);
        }

        var request = host.RelyingParty(StandardDeclaration.Portal).NewRequest(change: parameters => parameters["prompt"] = "none");
        var page = await browser.OpenAsync(request.Url);
        Assert.True(page.LocationQuery.ContainsKey("code") || page.LocationQuery["error"] == "login_required", page.ToString());
        return page.LocationQuery.ContainsKey("code");
    }

    public static string SidOf(this Browser browser) => browser.Cookies.Find(CookieName)!.Value.Split('.')[0];

    public static async Task<Session?> SessionAsync(this ProviderHost host, string sid)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Data.AppDbContext>().Set<Session>().AsNoTracking()
            .SingleOrDefaultAsync(session => session.Id == sid);
    }
}
