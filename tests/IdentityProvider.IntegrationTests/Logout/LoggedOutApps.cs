using System.Security.Cryptography;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Jobs;
using IdentityProvider.Logout;
using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Logout;

/// <summary>One provider for each database that may call the apps of tests, shared by the tests of a class.</summary>
public sealed class LogoutProviders : IAsyncDisposable
{
    private readonly Dictionary<TestDatabase, ProviderHost> started = [];

    internal async Task<ProviderHost> OnAsync(TestDatabase database) =>
        started.TryGetValue(database, out var provider) ? provider : started[database] = await LoggedOutApps.StartAsync(database);

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in started.Values)
        {
            await provider.DisposeAsync();
        }
    }
}

/// <summary>Apps that want to be told of logouts, and what the provider knows of the telling.</summary>
internal static class LoggedOutApps
{
    private const string Secret = "logged-out-secret-0000000000000000000000000";

    public static KeyValuePair<string, string?> MayCallApps { get; } = new(OutgoingRequestsOptions.Section + ":AllowedPrivateHosts", LogoutReceiver.Host);

    public static Task<ProviderHost> StartAsync(TestDatabase database) => ProviderHost.StartAsync(new ProviderSettings
    {
        Database = database,
        Configuration = new Dictionary<string, string?>([MayCallApps]),
    });

    /// <summary>An app that nobody else in the run uses. Its identifier is its path at the receiver.</summary>
    /// <param name="more">Other members, each with a comma in front.</param>
    public static Task<RelyingParty> NewAppAsync(this ProviderHost host, LogoutReceiver receiver, string more = "", string calledBy = LogoutReceiver.Host)
    {
        var name = "app-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        return host.DeclareAppAsync(name, receiver.Address(name, calledBy), more);
    }

    /// <summary>An app that is told at this address, or nowhere any more.</summary>
    public static async Task<RelyingParty> DeclareAppAsync(this ProviderHost host, string name, string? address, string more = "")
    {
        var redirectUri = $"https://{name}.example/cb";
        var told = address is null ? "" : $""", "backchannel_logout_uri": "{address}" """;
        var implicitly = more.Contains("token", StringComparison.Ordinal) && more.Contains("response_types", StringComparison.Ordinal) ? ", \"implicit\"" : "";
        await host.ApplyAsync(
            $$"""
            { "clients": [{ "client_id": "{{name}}", "client_name": "Name of {{name}}", "client_secret": "{{Secret}}", "first_party": true,
              "redirect_uris": ["{{redirectUri}}"], "post_logout_redirect_uris": ["{{redirectUri}}"], "grant_types": ["authorization_code", "refresh_token"{{implicitly}}],
              "scope": "openid offline_access"{{told}}{{more}} }] }
            """);
        return new RelyingParty(host, name, Secret, redirectUri, AuthenticationBy.Basic);
    }

    /// <summary>Signs out by a client's wish; the page after it.</summary>
    public static Task<Page> LogOutAsync(this Browser browser, ProtocolResponse tokens, string? address = null) =>
        browser.OpenAsync("/connect/logout?" + Wire.QueryOf(
            [new("id_token_hint", tokens.IdToken), .. address is null ? [] : new KeyValuePair<string, string>[] { new("post_logout_redirect_uri", address) }]));

    public static string SidOf(ProtocolResponse tokens) => Wire.ClaimsOf(tokens.IdToken).GetProperty("sid").GetString()!;

    public static Task<List<LogoutDelivery>> DeliveriesAsync(this ProviderHost host, string clientId) => host.ReadAsync(
        db => db.Set<LogoutDelivery>().AsNoTracking().Where(row => row.ClientId == clientId).OrderBy(row => row.CreatedAt).ToListAsync());

    public static Task UntilAsync(this ProviderHost host, string clientId, LogoutDeliveryState state) =>
        Eventually.TrueAsync(async () => await host.DeliveriesAsync(clientId) is { Count: > 0 } rows && rows.All(row => row.State == state));

    /// <summary>Runs a job now.</summary>
    public static async Task RunJobAsync(this ProviderHost host, string name)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await host.Services.GetServices<RecurringJob>().Single(job => job.Name == name).RunAsync(scope.ServiceProvider, CancellationToken.None);
    }

    /// <summary>Ends sessions in the way of whatever ends them besides the person.</summary>
    public static async Task EndAsync(this ProviderHost host, Func<SessionRegistry, Task> end)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await end(scope.ServiceProvider.GetRequiredService<SessionRegistry>());
    }

    /// <summary>Keeps a node from telling anybody anything: as if it died in the moment a session ended.</summary>
    public static Task SilenceAsync(this ProviderHost host) =>
        host.Services.GetRequiredService<LogoutDelivering>().StopAsync(CancellationToken.None);
}
