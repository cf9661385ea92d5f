using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Testing;

/// <summary>Apps that are told of logouts (OpenID Connect Back-Channel Logout §2.5), each at a path of its own: what they got, and whatever they answer.</summary>
public sealed class LogoutReceiver : IAsyncDisposable
{
    public const string Host = "127.0.0.1";

    private readonly WebApplication app;
    private readonly string root;
    private readonly ConcurrentQueue<ReceivedLogout> received = new();
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> answers = new();

    private LogoutReceiver(WebApplication app, string root) => (this.app, this.root) = (app, root);

    public static async Task<LogoutReceiver> StartAsync(bool tls = false)
    {
        var port = Ports.Free();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => Ports.Bind(port));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint =>
        {
            if (tls)
            {
                endpoint.UseHttps(TestCertificate.Instance);
            }
        }));
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var receiver = new LogoutReceiver(app, $"{(tls ? "https" : "http")}://{{0}}:{port}");
        app.Run(receiver.HandleAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The address of one app, as this host is called by another name perhaps.</summary>
    public string Address(string app, string host = Host) => root.Replace("{0}", host, StringComparison.Ordinal) + "/" + app;

    /// <summary>What this app answers from now on; otherwise 200.</summary>
    public void Answer(string app, Func<HttpContext, Task> answer) => answers[app] = answer;

    public void Answer(string app, int status) => Answer(app, context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    /// <summary>What this app got, in order.</summary>
    public IReadOnlyList<ReceivedLogout> Of(string app) => [.. received.Where(logout => logout.App == app)];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var name = context.Request.Path.Value!.TrimStart('/');
        var form = context.Request.HasFormContentType
            ? (await context.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString())
            : [];
        received.Enqueue(new ReceivedLogout(name, context.Request.Method, context.Request.ContentType, form));
        if (answers.TryGetValue(name, out var answer))
        {
            await answer(context);
        }
    }
}

/// <summary>One request that an app got.</summary>
public sealed record ReceivedLogout(string App, string Method, string? ContentType, IReadOnlyDictionary<string, string> Form)
{
    public string Token => Form["logout_token"];
}
