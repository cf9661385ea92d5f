using System.Diagnostics;
using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Benchmarks.Guards;

/// <summary>
/// What a guard adds to a request: the same endpoint of one application, once for whoever is signed in and once behind a guard, called
/// through routing, authentication and authorization, without a socket. The caller is known already: a signature would drown the difference.
/// </summary>
internal sealed class GuardRun : IDisposable
{
    private const int Rounds = 15;
    private const int RequestsInRound = 20_000;
    private static readonly TimeSpan allowed = TimeSpan.FromMicroseconds(5);

    private readonly WebApplication app;
    private readonly RequestDelegate pipeline;

    private GuardRun(int permissions)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddIdentityProviderAuthentication("https://id.example.com", "https://posts.example.com");
        builder.Services.AddAuthentication(KnownCaller.Scheme).AddScheme<AuthenticationSchemeOptions, KnownCaller>(KnownCaller.Scheme, null);
        builder.Services.AddSingleton(KnownCaller.With(permissions));
        app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/signed-in", Handle).RequireAuthorization();
        app.MapGet("/permission", Handle).RequirePermission("posts.delete");
        app.MapGet("/scope", Handle).RequireScope("posts.write");
        app.MapGet("/role", Handle).RequireRole("editor");
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
        return added < allowed ? 0 : 1;
    }

    public void Dispose() => ((IDisposable)app).Dispose();

    private static Task Handle(HttpContext http) => Task.CompletedTask;

    private static async Task<TimeSpan> MeasureAsync(int permissions, string guarded)
    {
        using var run = new GuardRun(permissions);
        var requests = permissions > 1000 ? RequestsInRound / 20 : RequestsInRound;
        List<(TimeSpan Time, long Bytes)> without = [], with = [];
        // Both take turns, so that what else the machine does falls on both; the first rounds are for the compiler.
        for (var round = -5; round < Rounds; round++)
        {
            var (plain, guard) = (await run.CallAsync("/signed-in", requests), await run.CallAsync(guarded, requests));
            if (round >= 0)
            {
                without.Add(plain);
                with.Add(guard);
            }
        }

        var (before, after) = (without.Select(one => one.Time).Order().ElementAt(Rounds / 2), with.Select(one => one.Time).Order().ElementAt(Rounds / 2));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{guarded[1..] + ", " + permissions + " permissions",-34}{before.TotalMicroseconds,9:0.00}{after.TotalMicroseconds,9:0.00}{(after - before).TotalMicroseconds,9:0.00}{with.Min(one => one.Bytes) - without.Min(one => one.Bytes),13}"));
        return after - before;
    }

    private async Task<(TimeSpan Time, long Bytes)> CallAsync(string path, int requests)
    {
        var (started, bytes) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        for (var request = 0; request < requests; request++)
        {
            var http = new DefaultHttpContext { RequestServices = app.Services };
            http.Request.Method = HttpMethods.Get;
            http.Request.Path = path;
            await pipeline(http);
            if (http.Response.StatusCode != StatusCodes.Status200OK)
            {
                throw new BenchmarkException($"{path} answered {http.Response.StatusCode}.");
            }
        }

        // Nothing in this pipeline waits, so all of it runs on this thread.
        return ((Stopwatch.GetElapsedTime(started) / requests), (GC.GetAllocatedBytesForCurrentThread() - bytes) / requests);
    }

    private sealed class KnownCaller(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ClaimsPrincipal caller)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public new const string Scheme = "known";

        /// <summary>The permission that is asked for comes last.</summary>
        public static ClaimsPrincipal With(int permissions) => new(new ClaimsIdentity(
            [
                new("iss", "https://id.example.com"), new("aud", "https://posts.example.com"), new("sub", "alice"), new("client_id", "app"), new("jti", "1"),
                new("exp", "1"), new("iat", "1"), new("acr", "1"), new("auth_time", "1"), new("roles", "reader"), new("roles", "editor"),
                .. Enumerable.Range(1, permissions - 1).Select(number => new Claim("entitlements", string.Create(CultureInfo.InvariantCulture, $"posts.do-{number}"))),
                new("entitlements", "posts.delete"), new("scope", "openid profile posts.read posts.write"),
            ],
            Scheme, "sub", "roles"));

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme)));
    }
}
