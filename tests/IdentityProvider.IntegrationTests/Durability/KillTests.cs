using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IdentityProvider.Users;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Durability;

/// <summary>What was acknowledged stays, also when the process is killed in the middle of its work.</summary>
public sealed partial class KillTests
{
    private const string Password = "a-password-that-survives-kills";
    private const int People = 60;
    private const int Workers = 3;

    [Theory, OnEachDatabase]
    public async Task Nothing_acknowledged_is_lost_by_kill_9_under_load(TestDatabase database)
    {
        await using var storage = await TestStorage.CreateAsync(database);
        var path = Path.Combine(storage.ContentRoot, "declaration.json");
        await File.WriteAllTextAsync(path, DeclarationWithPeople());
        var port = Ports.Free();
        var settings = storage.Settings.Append(new("IdentityProvider:Declarations", path))
            .Append(new("IdentityProvider:Issuer", $"http://localhost:{port}")).ToDictionary();
        ConcurrentQueue<Acknowledged> acknowledged = new();
        var people = new ConcurrentQueue<int>(Enumerable.Range(0, People));

        string administrator;
        await using (var host = await HostProcess.StartAsync(storage.ContentRoot, port, settings))
        {
            administrator = await CreateAdministratorAsync(host);
            await WorkAndKillAsync(host, people, acknowledged, enough: 8);
        }

        await using (var host = await HostProcess.StartAsync(storage.ContentRoot, port, settings))
        {
            await AssertAllThereAsync(host, acknowledged);
            var created = await HostProcess.TypeAsync(Password + "\n", storage.ContentRoot, settings, "users", "create", "made-by-command");
            Assert.True(created.ExitCode == 0, created.Output);
            await WorkAndKillAsync(host, people, acknowledged, enough: acknowledged.Count + 8);
        }

        await using (var host = await HostProcess.StartAsync(storage.ContentRoot, port, settings))
        {
            await AssertAllThereAsync(host, acknowledged);
            foreach (var name in new[] { administrator, "made-by-command" })
            {
                using var browser = host.NewBrowser();
                await browser.SignInAsync(name, Password);
                Assert.NotNull(browser.Cookies.Find("idp.session"));
            }
        }
    }

    private static async Task WorkAndKillAsync(
        HostProcess host, ConcurrentQueue<int> people, ConcurrentQueue<Acknowledged> acknowledged, int enough)
    {
        var workers = Enumerable.Range(0, Workers).Select(_ => WorkUntilKilledAsync(host, people, acknowledged)).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(acknowledged.Count(item => item.RefreshToken is not null) >= enough));

        await host.KillAsync();

        await Task.WhenAll(workers);
    }

    private static async Task WorkUntilKilledAsync(HostProcess host, ConcurrentQueue<int> people, ConcurrentQueue<Acknowledged> acknowledged)
    {
        var shop = host.RelyingParty(Shop);
        try
        {
            while (people.TryDequeue(out var number))
            {
                // Kept after the kill: its cookies are what the person still has.
                var browser = host.NewBrowser();
                var request = shop.NewRequest("openid offline_access");
                var login = await browser.OpenAsync(request.Url);
                var page = await browser.PressAsync(login, "login-submit",
                    new Dictionary<string, string> { ["username"] = $"person-{number}", ["password"] = Password });
                Assert.Equal(HttpStatusCode.SeeOther, page.Status);
                var item = new Acknowledged(browser);
                acknowledged.Enqueue(item);

                page = await browser.PressAsync(await browser.FollowAsync(page), "consent-allow");
                Assert.Equal(HttpStatusCode.SeeOther, page.Status);
                item.Consented = true;

                page = await browser.FollowAsync(page);
                item.RefreshToken = (await shop.ExchangeAsync(request.CodeFrom(page), request)).OrFail().RefreshToken;
                for (var refreshes = 0; refreshes < number % 4; refreshes++)
                {
                    item.RefreshToken = (await shop.RefreshAsync(item.RefreshToken)).OrFail().RefreshToken;
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The process was killed: what came back before is acknowledged, the rest is not.
        }
    }

    private static async Task AssertAllThereAsync(HostProcess host, IEnumerable<Acknowledged> acknowledged)
    {
        var shop = host.RelyingParty(Shop);
        foreach (var item in acknowledged)
        {
            if (item.RefreshToken is not null)
            {
                item.RefreshToken = (await shop.RefreshAsync(item.RefreshToken)).OrFail().RefreshToken;
            }

            var request = shop.NewRequest("openid offline_access", parameters => parameters["prompt"] = "none");
            item.Browser.Node = host;
            var answer = request.AnswerFrom(await item.Browser.OpenAsync(request.Url));
            if (item.Consented)
            {
                (await shop.ExchangeAsync(answer["code"], request)).OrFail();
            }
            else
            {
                Assert.NotEqual("login_required", answer.GetValueOrDefault("error"));
            }
        }
    }

    private static async Task<string> CreateAdministratorAsync(HostProcess host)
    {
        await Eventually.TrueAsync(() => Task.FromResult(SetupLink().IsMatch(host.Output)));
        using var browser = host.NewBrowser();
        var page = await browser.OpenAsync(SetupLink().Match(host.Output).Value);
        page = await browser.PressAsync(page, "setup-submit", new Dictionary<string, string>
        {
            ["username"] = "administrator", ["password"] = Password, ["password-again"] = Password,
        });
        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        return "administrator";
    }

    // One hash for all: hashing sixty passwords is not what is tested.
    private static string DeclarationWithPeople()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<PasswordHasher>().BuildServiceProvider();
        var hash = services.GetRequiredService<PasswordHasher>().Hash(Password);
        var declaration = JsonNode.Parse(StandardDeclaration.Json)!.AsObject();
        declaration["users"] = new JsonArray([.. Enumerable.Range(0, People).Select(number =>
            new JsonObject { ["username"] = $"person-{number}", ["password"] = hash })]);
        return declaration.ToJsonString();
    }

    [GeneratedRegex(@"http://\S+/setup\?\S+")]
    private static partial Regex SetupLink();

    private sealed class Acknowledged(Browser browser)
    {
        public Browser Browser => browser;

        public bool Consented { get; set; }

        public string? RefreshToken { get; set; }
    }
}
