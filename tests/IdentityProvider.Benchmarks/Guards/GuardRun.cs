using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Benchmarks.Guards;

/// <summary>
/// What a guard adds to a request: the same endpoint of one application, once for whoever is signed in and once behind a guard, called
/// through routing, authentication and authorization, without a socket. The caller is whom the package's own authentication made of an access token, and is
/// known already: a signature would drown the difference. One line shows both with the token read and its signature checked for each request.
/// </summary>
internal sealed class GuardRun : IDisposable
{
    private const int Rounds = 15;
    private const int RequestsInRound = 20_000;
    private static readonly TimeSpan allowed = TimeSpan.FromMicroseconds(5);

    private readonly WebApplication app;
    private readonly RequestDelegate pipeline;
    private readonly KnownCaller.Holder caller = new();
    private readonly string authorization;
    private readonly ProviderStub provider;

    private GuardRun(int permissions)
    {
        provider = new ProviderStub();
        authorization = "Bearer " + provider.TokenWith(permissions);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddIdentityProviderAuthentication(ProviderStub.Issuer, ProviderStub.Audience);
        builder.Services.AddHttpClient(ResourceServerExtensions.HttpClientName).ConfigurePrimaryHttpMessageHandler(provider.Answers);
        builder.Services.AddAuthentication(KnownCaller.Scheme).AddScheme<AuthenticationSchemeOptions, KnownCaller>(KnownCaller.Scheme, null);
        builder.Services.AddSingleton(caller);
        app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/signed-in", Handle).RequireAuthorization();
        app.MapGet("/permission", Handle).RequirePermission("posts.delete");
        app.MapGet("/scope", Handle).RequireScope("posts.write");
        app.MapGet("/role", Handle).RequireRole("editor");
        app.MapGet("/lacked", Handle).RequirePermission("posts.lacked");
#pragma warning disable ASP0014 // Without a server nothing adds the endpoints at the end of the pipeline.
        app.UseEndpoints(_ => { });
#pragma warning restore ASP0014
        pipeline = ((IApplicationBuilder)app).Build();
    }

    /// <summary>Measures and prints.</summary>
    /// <returns>0 when a permission of a caller with 40 of them costs less than it may.</returns>
    public static async Task<int> RunAsync()
    {
        Console.WriteLine($"{"us per request",-34}{"without",9}{"with",9}{"added",9}{"bytes added",13}");
        var added = await MeasureAsync(40, "/permission");
        await MeasureAsync(40, "/scope");
        await MeasureAsync(40, "/role");
        await MeasureAsync(200, "/permission");
        await MeasureAsync(10_000, "/permission");
        await MeasureAsync(40, "/permission", readsToken: true);
        return added < allowed ? 0 : 1;
    }

    public void Dispose()
    {
        ((IDisposable)app).Dispose();
        provider.Dispose();
    }

    private static Task Handle(HttpContext http) => Task.CompletedTask;

    private static async Task<TimeSpan> MeasureAsync(int permissions, string guarded, bool readsToken = false)
    {
        using var run = new GuardRun(permissions);
        await run.MeetAsync(readsToken);
        var requests = permissions > 1000 || readsToken ? RequestsInRound / 20 : RequestsInRound;
        List<(TimeSpan Time, long Bytes)> without = [], with = [];
        // Both take turns and begin in turn, so that what else the machine does falls on both; the first rounds are for the compiler.
        for (var round = -5; round < Rounds; round++)
        {
            var first = await run.CallAsync(round % 2 == 0 ? "/signed-in" : guarded, requests);
            var second = await run.CallAsync(round % 2 == 0 ? guarded : "/signed-in", requests);
            if (round >= 0)
            {
                without.Add(round % 2 == 0 ? first : second);
                with.Add(round % 2 == 0 ? second : first);
            }
        }

        var (before, after) = (without.Select(one => one.Time).Order().ElementAt(Rounds / 2), with.Select(one => one.Time).Order().ElementAt(Rounds / 2));
        // Of the pairs, which met the same moment.
        var added = without.Zip(with, (plain, guard) => guard.Time - plain.Time).Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{guarded[1..] + ", " + permissions + " permissions" + (readsToken ? ", token" : ""),-34}{before.TotalMicroseconds,9:0.00}{after.TotalMicroseconds,9:0.00}{added.TotalMicroseconds,9:0.00}{with.Min(one => one.Bytes) - without.Min(one => one.Bytes),13}"));
        return added;
    }

    // Whoever comes without a token or lacks the permission must not get through, or what is measured guards nothing.
    private async Task MeetAsync(bool readsToken)
    {
        using var scope = app.Services.CreateScope();
        var http = Request("/signed-in", scope);
        caller.Ticket = (await http.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme)).Ticket ?? throw new BenchmarkException("The access token was refused.");
        await ExpectAsync("/lacked", StatusCodes.Status403Forbidden);
        if (readsToken)
        {
            caller.Ticket = null;
            await ExpectAsync("/lacked", StatusCodes.Status403Forbidden);
        }
    }

    private async Task ExpectAsync(string path, int status)
    {
        using var scope = app.Services.CreateScope();
        var http = Request(path, scope);
        http.Response.Body = new MemoryStream();
        await pipeline(http);
        if (http.Response.StatusCode != status)
        {
            throw new BenchmarkException($"{path} answered {http.Response.StatusCode} and not {status}.");
        }
    }

    private async Task<(TimeSpan Time, long Bytes)> CallAsync(string path, int requests)
    {
        var (started, bytes) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        for (var request = 0; request < requests; request++)
        {
            using var scope = app.Services.CreateScope();
            var http = Request(path, scope);
            await pipeline(http);
            if (http.Response.StatusCode != StatusCodes.Status200OK)
            {
                throw new BenchmarkException($"{path} answered {http.Response.StatusCode}.");
            }
        }

        // Nothing in this pipeline waits, so all of it runs on this thread.
        return ((Stopwatch.GetElapsedTime(started) / requests), (GC.GetAllocatedBytesForCurrentThread() - bytes) / requests);
    }

    // A scope for each, as behind a server: whatever is kept for one request must not be there for the next.
    private DefaultHttpContext Request(string path, IServiceScope scope)
    {
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Request.Method = HttpMethods.Get;
        http.Request.Path = path;
        http.Request.Headers.Authorization = authorization;
        return http;
    }

    /// <summary>Whoever was met before; without one, the package reads the token.</summary>
    private sealed class KnownCaller(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KnownCaller.Holder caller)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public new const string Scheme = "known";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => caller.Ticket is { } ticket
            ? Task.FromResult(AuthenticateResult.Success(ticket))
            : Context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);

        public sealed class Holder
        {
            public AuthenticationTicket? Ticket { get; set; }
        }
    }
}
