using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Testing;

/// <summary>A client's website, where it publishes its keys: whatever it is told to answer, and how often it was asked.</summary>
public sealed class KeyServer : IAsyncDisposable
{
    public const string Host = "127.0.0.1";

    private readonly WebApplication app;
    private readonly int port;
    private int requests;

    private KeyServer(WebApplication app, int port) => (this.app, this.port) = (app, port);

    public int Requests => Volatile.Read(ref requests);

    /// <summary>Answers every request.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    };

    /// <summary>The address of the keys, as this host is called by another name perhaps.</summary>
    public string Address(string host = Host, string path = "/jwks") => $"http://{host}:{port}{path}";

    public void Publish(params ClientKey[] keys) => Publish(ClientKey.SetOf(keys));

    public void Publish(string body) => Answer = context =>
    {
        context.Response.ContentType = "application/jwk-set+json";
        return context.Response.WriteAsync(body);
    };

    public static async Task<KeyServer> StartAsync()
    {
        var port = Ports.Free();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => Ports.Bind(port));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        var server = new KeyServer(app, port);
        app.Run(context =>
        {
            Interlocked.Increment(ref server.requests);
            return server.Answer(context);
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
