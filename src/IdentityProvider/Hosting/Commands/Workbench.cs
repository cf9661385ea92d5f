using Microsoft.AspNetCore.Hosting;
using IdentityProvider.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace IdentityProvider.Hosting.Commands;

/// <summary>The product put together for one command that is not the server: same configuration, same services, no requests.</summary>
internal static class Workbench
{
    public static WebApplicationBuilder CreateBuilder(string[] configuration)
    {
        // Slim: without HTTP.sys, IIS and QUIC, which this server does not speak, and https where Kestrel is told a certificate.
        // Settings are read once: watching their files means watching the whole content root, in which the database may lie, written to all the time.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. configuration]);
        builder.WebHost.UseKestrelHttpsConfiguration();
        // What ships beside the program comes first: the content root, where an operator's own file and the data lie, may be elsewhere.
        var shipped = new JsonConfigurationSource { Path = Path.Combine(AppContext.BaseDirectory, "appsettings.json"), Optional = true };
        shipped.ResolveFileProvider();
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, shipped);
        return builder;
    }

    /// <summary>Prepares the deployment as a start does, then runs the command.</summary>
    public static Task<int> RunAsync(
        string[] configuration, Func<IServiceProvider, Task<int>> command, CancellationToken cancellationToken) =>
        RunAsync(configuration, startUp => startUp.PrepareAsync(cancellationToken), command);

    /// <param name="prepare">What of a start this command needs.</param>
    public static async Task<int> RunAsync(
        string[] configuration, Func<StartUp, Task> prepare, Func<IServiceProvider, Task<int>> command)
    {
        var builder = CreateBuilder(configuration);
        // Standard output is the command's answer; only what is wrong is said besides, on standard error.
        builder.Logging.AddFilter<ConsoleLoggerProvider>(null, LogLevel.Warning);
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.AddIdentityProvider();

        await using var app = builder.Build();
        await prepare(app.Services.GetRequiredService<StartUp>());
        var audit = app.Services.GetServices<IHostedService>().OfType<AuditWriter>().Single();
        await audit.StartAsync(CancellationToken.None);
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            return await command(scope.ServiceProvider);
        }
        finally
        {
            // Writes what the command recorded.
            await audit.StopAsync(CancellationToken.None);
        }
    }
}
