using System.Net;
using IdentityProvider.Data;
using IdentityProvider.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Testing;

/// <summary>
/// The whole product on Kestrel and a real database, inside the test's process.
/// A second node, or the same node after a restart, shares storage and issuer.
/// </summary>
public sealed class ProviderHost : ProviderNode
{
    private readonly ProviderSettings settings;
    private readonly bool ownsStorage;
    private readonly int port;
    private WebApplication app;

    private ProviderHost(ProviderSettings settings, TestStorage storage, TestClock clock, string issuer, int port, WebApplication app, TestLog log,
        SqlCounter sql, bool ownsStorage)
        : base(issuer)
    {
        (this.settings, Storage, Clock, this.port, this.app, Log, Sql, this.ownsStorage) =
            (settings, storage, clock, port, app, log, sql, ownsStorage);
        Use(new FailLoudly(this, LoopbackHandler.For(issuer, port)), new Uri(issuer.TrimEnd('/') + "/"));
    }

    public TestStorage Storage { get; }

    public override TestClock Clock { get; }

    public TestLog Log { get; }

    public override SqlCounter Sql { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<ProviderHost> StartAsync(ProviderSettings? settings = null)
    {
        settings ??= new ProviderSettings();
        var storage = await TestStorage.CreateAsync(settings.Database);
        try
        {
            return await StartAsync(settings, storage, new TestClock(), settings.Issuer, ownsStorage: true);
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another node of the same deployment: same database, same issuer, same clock unless it is given one of its own, another process in all but name.</summary>
    public Task<ProviderHost> StartSecondNodeAsync(TestClock? clock = null) => StartAsync(settings, Storage, clock ?? Clock, Issuer, ownsStorage: false);

    /// <summary>Stops this node and starts it again on the same storage, port and issuer.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        app = await StartAppAsync(settings, Storage, Clock, Issuer, port, Log, Sql);
    }

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        Sql.Dispose();
        await base.DisposeAsync();
        if (ownsStorage)
        {
            await Storage.DisposeAsync();
        }
    }

    private async Task StopAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static async Task<ProviderHost> StartAsync(
        ProviderSettings settings, TestStorage storage, TestClock clock, string? issuer, bool ownsStorage)
    {
        var port = Ports.Free();
        issuer ??= $"http://localhost:{port}";
        var (log, sql) = (new TestLog(), new SqlCounter());
        var app = await StartAppAsync(settings, storage, clock, issuer, port, log, sql);
        return new ProviderHost(settings, storage, clock, issuer, port, app, log, sql, ownsStorage);
    }

    private static async Task<WebApplication> StartAppAsync(
        ProviderSettings settings, TestStorage storage, TestClock clock, string issuer, int port, TestLog log, SqlCounter sql)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = storage.ContentRoot,
            EnvironmentName = settings.Environment,
            // Without it every host holds file watchers, of which a machine has few.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(storage.Settings);
        builder.Configuration.AddInMemoryCollection([new("IdentityProvider:Issuer", issuer), .. DeclarationSetting(settings, storage)]);
        builder.Configuration.AddInMemoryCollection(settings.Configuration);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information);

        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => Ports.Bind(port));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint =>
        {
            if (issuer.StartsWith("https:", StringComparison.Ordinal))
            {
                endpoint.UseHttps(TestCertificate.Instance);
            }
        }));

        builder.AddIdentityProvider();
        builder.Services.AddSingleton<TimeProvider>(clock);
        CountSql(builder.Services, sql);
        settings.Services?.Invoke(builder.Services);

        var app = builder.Build();
        try
        {
            app.UseIdentityProvider();
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> DeclarationSetting(ProviderSettings settings, TestStorage storage)
    {
        if (settings.Declaration is { } declaration)
        {
            var path = Path.Combine(storage.ContentRoot, "declaration.json");
            File.WriteAllText(path, declaration);
            yield return new("IdentityProvider:Declarations", path);
        }
    }

    private static void CountSql(IServiceCollection services, SqlCounter sql)
    {
        services.ConfigureDbContext<SqliteAppDbContext>(options => options.AddInterceptors(sql));
        services.ConfigureDbContext<PostgresAppDbContext>(options => options.AddInterceptors(sql));
        services.ConfigureDbContext<ProtocolDbContext>(options => options.AddInterceptors(sql));
        services.AddSingleton<IStartupFilter>(new CountSqlFilter(sql));
    }

    /// <summary>An unexpected exception in the server is the test's failure, with the server's own words.</summary>
    private sealed class FailLoudly(ProviderHost host, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            return response.StatusCode != HttpStatusCode.InternalServerError
                ? response
                : throw new InvalidOperationException(
                    $"The provider failed at {request.Method} {request.RequestUri}:\n{string.Join("\n", host.Log.Errors.TakeLast(2))}");
        }
    }

    private sealed class CountSqlFilter(SqlCounter sql) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) => context.Request.Headers[SqlCounter.RequestHeader].ToString() is { Length: > 0 } mark
                ? sql.ObserveAsync(mark, () => following(context))
                : following(context));
            next(app);
        };
    }
}
