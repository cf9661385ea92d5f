using IdentityProvider.Hosting;
using IdentityProvider.Sandbox.Api;
using IdentityProvider.Sandbox.Google;
using IdentityProvider.Sandbox.Loopback;
using IdentityProvider.Sandbox.Provider;
using IdentityProvider.Sandbox.WebApp;
using Microsoft.AspNetCore.DataProtection;

namespace IdentityProvider.Sandbox;

/// <summary>
/// Four applications in one process: the provider, a web app that signs people in with it, an API that the web app calls,
/// and a stand-in for Google. They share a process and a host name and nothing else.
/// </summary>
internal sealed class SandboxApp : IAsyncDisposable
{
    private readonly SandboxPorts ports;
    private readonly SandboxFolder folder;
    private readonly List<WebApplication> applications = [];

    private SandboxApp(SandboxPorts ports, SandboxFolder folder)
    {
        this.ports = ports;
        this.folder = folder;
        Addresses = ports.Addresses;
        Declarations = SandboxDeclarations.Read(Addresses);
    }

    public SandboxAddresses Addresses { get; }

    public SandboxDeclarations Declarations { get; }

    /// <summary>The provider's application, for whoever needs its services.</summary>
    public WebApplication Provider { get; private set; } = null!;

    /// <summary>The one-time link that makes the first administrator, while there is none.</summary>
    public string? AdministratorLink { get; private set; }

    /// <exception cref="SandboxRefusedException">A port or the folder is taken.</exception>
    public static async Task<SandboxApp> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        var ports = SandboxPorts.Take(options);
        SandboxApp sandbox;
        try
        {
            sandbox = new SandboxApp(ports, SandboxFolder.Open(options.Root));
        }
        catch
        {
            ports.Dispose();
            throw;
        }

        try
        {
            await sandbox.StartApplicationsAsync(options, cancellationToken);
            return sandbox;
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until Ctrl+C, or a signal, stops the applications.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) =>
        Task.WhenAny(applications.Select(application => application.WaitForShutdownAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(applications.Select(application => application.StopAsync()));
        foreach (var application in applications)
        {
            await application.DisposeAsync();
        }

        ports.Dispose();
        folder.Dispose();
    }

    private async Task StartApplicationsAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        var google = new GoogleSettings(
            Addresses.Google, "sandbox-google-client", "sandbox-google-secret", "IdentityProvider", [Addresses.Provider + "/signin-google"]);

        var provider = CreateBuilder(ProviderApp.AssemblyName, ports.Provider, options);
        provider.AddProvider(Addresses, Declarations.Write(folder), google);
        options.ConfigureProvider?.Invoke(provider);
        Provider = Build(provider, ports.Provider);
        Provider.UseIdentityProvider();

        var standIn = CreateSampleBuilder(GoogleApp.Name, ports.Google, options);
        standIn.Services.AddGoogle(google);
        Build(standIn, ports.Google).UseGoogle();

        var api = CreateSampleBuilder(PublishingApi.Name, ports.Api, options);
        api.Services.AddPublishingApi(new PublishingApiSettings(
            Addresses.Provider, Addresses.Api, Path.Combine(folder.Of(PublishingApi.Name).FullName, "publishing.db"), options.IsOfficeAlwaysOpen));
        Build(api, ports.Api).UsePublishingApi();

        var webApp = CreateSampleBuilder(SampleWebApp.Name, ports.WebApp, options);
        // The handler calls it an error when a person says no; whatever fails is shown on a page.
        webApp.Logging.AddFilter("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.Critical);
        webApp.Services.AddSampleWebApp(Declarations.WebApp(Addresses, folder));
        Build(webApp, ports.WebApp).UseSampleWebApp();

        await Task.WhenAll(applications.Select(application => application.StartAsync(cancellationToken)));
        applications.ForEach(LoopbackHost.ThrowUnlessLoopback);
        AdministratorLink = await Provider.CreateSetupLinkAsync(cancellationToken);
    }

    private WebApplicationBuilder CreateBuilder(string assemblyName, LoopbackPort port, SandboxOptions options) =>
        LoopbackHost.CreateBuilder(assemblyName, folder.Root, port, options);

    // What one application has protected, the next must not be able to read.
    private WebApplicationBuilder CreateSampleBuilder(string name, LoopbackPort port, SandboxOptions options)
    {
        var builder = CreateBuilder(typeof(SandboxApp).Assembly.GetName().Name!, port, options);
        builder.Services.AddDataProtection().SetApplicationName(name).PersistKeysToFileSystem(folder.Of(name));
        // Keys that protect made-up people, in a folder only this account can read, need no certificate around them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        return builder;
    }

    private WebApplication Build(WebApplicationBuilder builder, LoopbackPort port)
    {
        var application = builder.Build(port);
        applications.Add(application);
        return application;
    }
}
