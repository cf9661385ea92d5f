using System.Net;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.DeviceAuthorization;

/// <summary>User codes are short, so guesses are few: RFC 8628 §5.1.</summary>
public sealed class UserCodeLimitTests
{
    [Theory, OnEachDatabase]
    public async Task A_person_has_five_wrong_codes_and_then_no_right_one_even_after_a_restart(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        var person = await host.NewPersonAsync();
        using var browser = await host.SignedInAsync(person);
        var codes = (await host.Device().AskAsync()).OrFail();
        for (var guess = 0; guess < 5; guess++)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.TypeCodeAsync("BCDF-GHJK")).Status);
        }

        var refused = await browser.TypeCodeAsync(codes["user_code"]);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.StartsWith("Too many wrong codes", refused.TextOf("device-problem"), StringComparison.Ordinal);
        Assert.True(refused.Headers.ContainsKey("Retry-After"));

        await host.RestartAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.TypeCodeAsync(codes["user_code"])).Status);

        // Signing in again changes nothing: it is the person who is counted.
        using var another = await host.SignedInAsync(person);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await another.TypeCodeAsync(codes["user_code"])).Status);

        host.Clock.Advance(TimeSpan.FromMinutes(10));
        var later = (await host.Device().AskAsync()).OrFail();
        Assert.True((await browser.TypeCodeAsync(later["user_code"])).Has("device-allow"));
    }

    [Theory, OnEachDatabase]
    public async Task Parallel_guesses_on_two_nodes_are_counted_exactly(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        await using var second = await host.StartSecondNodeAsync();
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var form = await browser.OpenAsync("/device");
        var browsers = Enumerable.Range(0, 16).Select(guess =>
        {
            var copy = (guess % 2 == 0 ? host : second).NewBrowser();
            browser.Cookies.All.ToList().ForEach(copy.Cookies.Add);
            return copy;
        }).ToList();

        var answers = await Task.WhenAll(browsers.Select(copy =>
            copy.PressAsync(form, "device-continue", new Dictionary<string, string> { ["user_code"] = "BCDF-GHJK" })));

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(11, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
        browsers.ForEach(copy => copy.Dispose());
    }

    [Theory, OnEachDatabase]
    public async Task An_address_has_ten_whoever_signs_in_there(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        for (var person = 0; person < 2; person++)
        {
            using var browser = await host.SignedInAsync(await host.NewPersonAsync());
            for (var guess = 0; guess < 5; guess++)
            {
                Assert.Equal(HttpStatusCode.OK, (await browser.TypeCodeAsync("BCDF-GHJK")).Status);
            }
        }

        using var third = await host.SignedInAsync(await host.NewPersonAsync());
        Assert.Equal(HttpStatusCode.TooManyRequests, (await third.TypeCodeAsync("BCDF-GHJK")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Right_codes_do_not_count(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());

        for (var device = 0; device < 12; device++)
        {
            var codes = (await host.Device().AskAsync()).OrFail();
            Assert.True((await browser.TypeCodeAsync(codes["user_code"])).Has("device-allow"));
        }
    }
}

internal static class AuditReading
{
    public static async Task<IReadOnlyList<string>> AuditReasonsAsync(this ProviderHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>()
            .Where(row => row.Reason != null).Select(row => row.Reason!).ToListAsync();
    }
}
