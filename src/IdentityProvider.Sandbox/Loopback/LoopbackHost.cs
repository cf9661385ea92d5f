using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IdentityProvider.Sandbox.Loopback;

/// <summary>
/// Makes the web applications of the sandbox. The sandbox has people whose passwords are printed on the screen,
/// so its applications listen on the loopback interface and answer to its names, and nothing can tell them otherwise.
/// </summary>
internal static class LoopbackHost
{
    /// <param name="assembly">The application name that ASP.NET Core wants: an assembly, whose Razor Pages are the application's.</param>
    /// <param name="contentRoot">Where the application looks for files.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="options">What all applications of this sandbox share.</param>
    public static WebApplicationBuilder CreateBuilder(
        string assembly, string contentRoot, LoopbackPort port, SandboxOptions options)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = assembly,
            ContentRootPath = contentRoot,
            EnvironmentName = Environments.Development,
            // Nothing is read from files, so nothing has to watch the folder for changes.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });

        // ASPNETCORE_URLS, Kestrel:Endpoints or an appsettings.json nearby could open these people to the network.
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            // A page elsewhere whose name is made to point at 127.0.0.1 (DNS rebinding) gets no answer.
            ["AllowedHosts"] = "localhost;127.0.0.1;[::1]",
        });

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = port.SocketFor);

        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(options.LogLevel);
        // What stops the start is said once, in a sentence, by whoever started it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.Replace(ServiceDescriptor.Singleton(options.Clock));
        return builder;
    }

    /// <summary>Addresses that an application names itself go before whatever its surroundings say.</summary>
    public static WebApplication Build(this WebApplicationBuilder builder, LoopbackPort port)
    {
        var app = builder.Build();
        foreach (var endPoint in port.EndPoints)
        {
            app.Urls.Add($"http://{endPoint}");
        }

        return app;
    }

    /// <summary>The second lock on the same door, should a part of an application ever add an address of its own.</summary>
    public static void ThrowUnlessLoopback(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses)
        {
            var host = BindingAddress.Parse(address).Host;
            if (host != "localhost" && !(IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)))
            {
                throw new SandboxRefusedException($"The sandbox only runs on loopback addresses, and {address} is not one.");
            }
        }
    }
}
