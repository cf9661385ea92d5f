using System.Net;
using System.Net.Security;
using System.Net.Sockets;
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
public sealed class ProviderHost : IAsyncDisposable
{
    private readonly ProviderSettings settings;
    private readonly bool ownsStorage;
    private readonly int port;
    private WebApplication app;

    private ProviderHost(ProviderSettings settings, TestStorage storage, TestClock clock, string issuer, int port, WebApplication app, TestLog log,
        SqlCounter sql, bool ownsStorage)
    {
        (this.settings, Storage, Clock, Issuer, this.port, this.app, Log, Sql, this.ownsStorage) =
            (settings, storage, clock, issuer, port, app, log, sql, ownsStorage);
        Handler = new FailLoudly(this, Connect(issuer, port));
        Http = new HttpClient(Handler, disposeHandler: false) { BaseAddress = new Uri(issuer.TrimEnd('/') + "/") };
    }

    /// <summary>The issuer identifier, without a trailing slash.</summary>
    public string Issuer { get; }

    public TestStorage Storage { get; }

    public TestClock Clock { get; }

    public TestLog Log { get; }

    public SqlCounter Sql { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Plain HTTP to this node: no cookies, no redirects followed. Addresses are those of the issuer.</summary>
    public HttpClient Http { get; }

    /// <summary>What <see cref="Http"/> sends through: whatever the address, this node answers.</summary>
    public HttpMessageHandler Handler { get; }

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

    /// <summary>Another node of the same deployment: same database, same issuer, same clock, another process in all but name.</summary>
    public Task<ProviderHost> StartSecondNodeAsync() => StartAsync(settings, Storage, Clock, Issuer, ownsStorage: false);

    /// <summary>Stops this node and starts it again on the same storage, port and issuer.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        app = await StartAppAsync(settings, Storage, Clock, Issuer, port, Log, Sql);
    }

    public Browser NewBrowser() => new(this);

    public RelyingParty RelyingParty(string clientId) => StandardDeclaration.RelyingParty(this, clientId);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
        Handler.Dispose();
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

    private static SocketsHttpHandler Connect(string issuer, int port) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectCallback = async (context, cancellationToken) =>
        {
            if (context.DnsEndPoint.Host != new Uri(issuer).Host)
            {
                throw new HttpRequestException($"Tests do not leave this machine: {context.DnsEndPoint.Host} was asked for.");
            }

            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate?.GetCertHashString() == TestCertificate.Instance.GetCertHashString(),
        },
    };

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
