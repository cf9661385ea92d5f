using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IdentityProvider.Benchmarks.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>The application that is told of ended sessions (OpenID Connect Back-Channel Logout), with TLS as a real one.</summary>
internal sealed class LogoutReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> expected = new();

    private LogoutReceiver(WebApplication app, string address, string certificates) => (this.app, Address, Certificates) = (app, address, certificates);

    /// <summary>Its <c>backchannel_logout_uri</c>.</summary>
    public string Address { get; }

    /// <summary>A file with the certificate that the server must trust.</summary>
    public string Certificates { get; }

    public static async Task<LogoutReceiver> StartAsync(string folder)
    {
        var certificate = Certificate();
        var file = Path.Combine(folder, "receiver.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());

        var port = ServerProcess.FreePort();
        // Watching for changes of settings would watch the folders of the measured servers, whose every write would then make an event.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint => endpoint.UseHttps(certificate)));
        var app = builder.Build();
        var receiver = new LogoutReceiver(app, $"https://127.0.0.1:{port}/logout", file);
        app.MapPost("/logout", (RequestDelegate)receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>When the logout token of this session came, in ticks of the stopwatch. To be called before the session ends.</summary>
    public Task<long> Expect(string sid) =>
        expected.GetOrAdd(sid, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var claims = Wire.Claims(form["logout_token"].ToString());
        if (claims.GetProperty("aud").GetString() == Cast.Told && expected.TryRemove(claims.GetProperty("sid").GetString()!, out var waiting))
        {
            waiting.TrySetResult(Stopwatch.GetTimestamp());
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Benchmark receiver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(7));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
