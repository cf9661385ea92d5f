using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Deploy;

/// <summary>The published Host behind nginx with <c>deploy/reverse-proxy/nginx.conf</c>, whose TLS certificate was made for this run.</summary>
internal sealed class NginxInFront : IAsyncDisposable
{
    public const string Issuer = "https://login.example.com";

    private readonly Process nginx;
    private readonly int plainPort;
    private readonly int tlsPort;
    private readonly string thumbprint;

    private NginxInFront(HostProcess host, string state, Process nginx, int plainPort, int tlsPort, string thumbprint) =>
        (Host, State, this.nginx, this.plainPort, this.tlsPort, this.thumbprint) = (host, state, nginx, plainPort, tlsPort, thumbprint);

    public HostProcess Host { get; }

    /// <summary>The provider's content root.</summary>
    public string State { get; }

    public static async Task<NginxInFront> StartAsync(PublishedHost published)
    {
        if (Installed.WithoutNginx is { } reason)
        {
            Assert.Skip(reason);
        }

        var (state, folder) = (published.NewFolder(), published.NewFolder());
        var declaration = Path.Combine(folder, "declaration.json");
        await File.WriteAllTextAsync(declaration, StandardDeclaration.Json);
        var host = await HostProcess.StartAsync(state, Ports.Free(), new Dictionary<string, string?>
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["IdentityProvider:Issuer"] = Issuer,
            ["IdentityProvider:ForwardedHeaders:KnownProxies"] = "127.0.0.1",
            ["IdentityProvider:Declarations"] = declaration,
        }, [published.Program]);
        try
        {
            var thumbprint = WriteCertificate(folder);
            var (plainPort, tlsPort) = (Ports.Free(), Ports.Free());
            await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Configuration(folder, host.Address.Port, plainPort, tlsPort));
            var nginx = Process.Start(new ProcessStartInfo(Installed.Nginx!, ["-p", folder, "-c", "nginx.conf", "-e", "stderr"]) { RedirectStandardError = true })!;
            nginx.BeginErrorReadLine();
            var started = new NginxInFront(host, state, nginx, plainPort, tlsPort, thumbprint);
            await Eventually.TrueAsync(() => started.ListensAsync());
            return started;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>A caller from an address of its own, who resolves every name to nginx.</summary>
    public HttpClient Caller(string address) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        CookieContainer = new CookieContainer(),
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString(HashAlgorithmName.SHA256) == thumbprint,
        },
        ConnectCallback = (context, cancellationToken) =>
            ConnectAsync(address, context.DnsEndPoint.Port == 80 ? plainPort : tlsPort, cancellationToken),
    })
    { BaseAddress = new Uri(Issuer) };

    /// <summary>A caller who goes past nginx.</summary>
    public HttpClient DirectCaller(string address) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = (_, cancellationToken) => ConnectAsync(address, Host.Address.Port, cancellationToken),
    })
    { BaseAddress = Host.Address };

    public async ValueTask DisposeAsync()
    {
        if (!nginx.HasExited)
        {
            nginx.Kill(entireProcessTree: true);
            await nginx.WaitForExitAsync();
        }

        nginx.Dispose();
        await Host.DisposeAsync();
    }

    private static async ValueTask<Stream> ConnectAsync(string from, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<bool> ListensAsync()
    {
        Assert.False(nginx.HasExited, "nginx ended.");
        try
        {
            await using var _ = await ConnectAsync("127.0.0.1", tlsPort, CancellationToken.None);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // The file as it is shipped, with what its first lines tell the operator to replace.
    private static string Configuration(string folder, int hostPort, int plainPort, int tlsPort)
    {
        var site = File.ReadAllText(Repository.PathOf("deploy", "reverse-proxy", "nginx.conf"))
            .Replace("/etc/ssl/login.example.com", folder, StringComparison.Ordinal)
            .Replace("127.0.0.1:5000", $"127.0.0.1:{hostPort}", StringComparison.Ordinal)
            .Replace("listen 80;", $"listen 127.0.0.1:{plainPort};", StringComparison.Ordinal)
            .Replace("listen 443 ", $"listen 127.0.0.1:{tlsPort} ", StringComparison.Ordinal);
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(name => $"{name}_temp_path {folder}/{name};"));
        return $$"""
            daemon off;
            # One process: nothing is left behind when it is killed.
            master_process off;
            pid {{folder}}/nginx.pid;
            events { }
            http {
                access_log off;
                {{temporary}}
                {{site}}
            }
            """;
    }

    private static string WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=login.example.com", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.Parse("2100-01-01T00:00:00Z", CultureInfo.InvariantCulture));
        File.WriteAllText(Path.Combine(folder, "fullchain.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "privkey.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }
}
