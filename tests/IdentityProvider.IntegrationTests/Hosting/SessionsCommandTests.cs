using System.Net;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Hosting;

/// <summary>The commands <c>sessions</c> and <c>users disable</c>, as an administrator types them beside a running server.</summary>
public sealed class SessionsCommandTests
{
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0";

    [Theory, OnEachDatabase]
    public async Task A_session_ended_by_the_command_is_dead_at_the_running_server_on_its_next_request(TestDatabase database)
    {
        await using var running = await Running.StartAsync(database);
        var (portal, shop) = (running.Host.RelyingParty(Portal), running.Host.RelyingParty(Shop));
        using var desk = running.Host.NewBrowser();
        desk.UserAgent = Firefox;
        var tokens = await portal.SignInAsync(desk, Alice, AlicePassword, "openid offline_access");
        using var second = running.Host.NewBrowser();
        await shop.SignInAsync(second, Alice, AlicePassword);
        using var bobs = running.Host.NewBrowser();
        await bobs.SignInAsync(Bob, BobPassword);

        var all = await running.SucceedAsync("sessions", "list");
        Assert.Equal(4, all.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("SID ", all, StringComparison.Ordinal);
        Assert.Equal(2, Lines(await running.SucceedAsync("sessions", "list", "--user", "ALICE"), " alice "));
        var line = Assert.Single((await running.SucceedAsync("sessions", "list", "--client", Portal)).Split('\n').Skip(1), line => line.Length > 0);
        Assert.Matches(@"^\S{22} alice +Firefox on Windows +127\.0\.0\.1 +.*Z +.*Z portal\(offline\)$", line);
        Assert.Equal("bob is not signed in with access for portal.\n", await running.SucceedAsync("sessions", "list", "--user", Bob, "--client", Portal));

        var sid = line.Split(' ')[0];
        Assert.Equal($"Ended session {sid}.\n", await running.SucceedAsync("sessions", "end", sid));

        Assert.False(await IsSignedInAsync(desk));
        Assert.Equal("invalid_grant", (await portal.RefreshAsync(tokens.RefreshToken)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.UserInfoAsync(tokens.AccessToken)).Status);
        Assert.True(await IsSignedInAsync(second));
        Assert.True(await IsSignedInAsync(bobs));
        Assert.StartsWith($"There is no live session {sid}; it may have ended.", await running.FailAsync("sessions", "end", sid), StringComparison.Ordinal);

        Assert.Equal("Ended 1 session of alice, and the access that apps had.\n", await running.SucceedAsync("sessions", "end", "--user", Alice));
        Assert.False(await IsSignedInAsync(second));
        Assert.Equal("alice is not signed in.\n", await running.SucceedAsync("sessions", "list", "--user", Alice));
        Assert.True(await IsSignedInAsync(bobs));
    }

    [Fact]
    public async Task Access_that_outlived_its_session_is_ended_for_a_user()
    {
        await using var running = await Running.StartAsync(TestDatabase.Sqlite);
        var shop = running.Host.RelyingParty(Shop);
        using var browser = running.Host.NewBrowser();
        var tokens = await shop.SignInAsync(browser, Alice, AlicePassword, "openid offline_access");
        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");
        tokens = (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();

        Assert.Equal("Ended 0 sessions of alice, and the access that apps had.\n", await running.SucceedAsync("sessions", "end", "--user", Alice));

        Assert.Equal("invalid_grant", (await shop.RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Fact]
    public async Task An_old_name_of_a_session_leads_to_the_one_that_took_over()
    {
        await using var running = await Running.StartAsync(TestDatabase.Sqlite);
        using var browser = running.Host.NewBrowser();
        await browser.SignInAsync(Alice, AlicePassword);
        var first = SidOf(browser);
        await running.Host.RelyingParty(Portal).SignInAsync(browser, Alice, AlicePassword, change: parameters => parameters["prompt"] = "login");
        var second = SidOf(browser);

        Assert.Equal($"Ended session {second}, which had taken over from {first}.\n", await running.SucceedAsync("sessions", "end", first));

        Assert.False(await IsSignedInAsync(browser));
        Assert.Equal("Nobody is signed in.\n", await running.SucceedAsync("sessions", "list"));
    }

    [Fact]
    public async Task A_disabled_person_is_out_at_once_and_back_when_enabled()
    {
        await using var running = await Running.StartAsync(TestDatabase.Sqlite);
        using var browser = running.Host.NewBrowser();
        await browser.SignInAsync(Bob, BobPassword);

        Assert.StartsWith("Disabled bob.", await running.SucceedAsync("users", "disable", "Bob"), StringComparison.Ordinal);

        Assert.False(await IsSignedInAsync(browser));
        await browser.SignInAsync(Bob, BobPassword);
        Assert.False(await IsSignedInAsync(browser));
        Assert.Equal("bob was disabled already.\n", await running.SucceedAsync("users", "disable", Bob));
        Assert.StartsWith("Enabled bob.", await running.SucceedAsync("users", "enable", Bob), StringComparison.Ordinal);
        Assert.Equal("bob was not disabled.\n", await running.SucceedAsync("users", "enable", Bob));
        await browser.SignInAsync(Bob, BobPassword);
        Assert.True(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_link_of_the_operator_lets_a_person_choose_a_password_and_nobody_else_in()
    {
        await using var running = await Running.StartAsync(TestDatabase.Sqlite);
        using var browser = running.Host.NewBrowser();
        await browser.SignInAsync(Bob, BobPassword);

        var link = await running.SucceedAsync("users", "link", "Bob");

        Assert.False(await IsSignedInAsync(browser));
        await browser.SignInAsync(Bob, BobPassword);
        Assert.False(await IsSignedInAsync(browser));
        Assert.True((await browser.OpenAsync(link.Trim())).Has("reset-submit"));
        await running.SucceedAsync("users", "disable", Bob);
        Assert.Equal("The account is disabled: enable it first.\n", await running.FailAsync("users", "link", Bob));
    }

    [Fact]
    public async Task What_is_unknown_is_one_clear_sentence()
    {
        await using var running = await Running.StartAsync(TestDatabase.Sqlite);

        Assert.Equal("There is no user nobody.\n", await running.FailAsync("sessions", "list", "--user", "nobody"));
        Assert.Equal("There is no client nothing.\n", await running.FailAsync("sessions", "list", "--client", "nothing"));
        Assert.Equal("There is no user nobody.\n", await running.FailAsync("sessions", "end", "--user", "nobody"));
        Assert.Equal("There is no user nobody.\n", await running.FailAsync("users", "disable", "nobody"));
        Assert.Equal("There is no user nobody.\n", await running.FailAsync("users", "link", "nobody"));
        Assert.StartsWith("There is no live session what;", await running.FailAsync("sessions", "end", "what"), StringComparison.Ordinal);
        Assert.Contains("Name either a SID or --user.", await running.FailAsync("sessions", "end"), StringComparison.Ordinal);
        Assert.Contains("Name either a SID or --user.", await running.FailAsync("sessions", "end", "what", "--user", Alice), StringComparison.Ordinal);
        Assert.Contains("--client", await running.SucceedAsync("sessions", "list", "--help"), StringComparison.Ordinal);
    }

    private static int Lines(string output, string word) => output.Split('\n').Count(line => line.Contains(word, StringComparison.Ordinal));

    private static string SidOf(Browser browser) => browser.Cookies.Find("idp.session")!.Value.Split('.')[0];

    private static async Task<bool> IsSignedInAsync(Browser browser) => (await browser.GetAsync("/account")).Status == HttpStatusCode.OK;

    private sealed record Running(TestStorage Storage, HostProcess Host, IReadOnlyDictionary<string, string?> Settings) : IAsyncDisposable
    {
        public static async Task<Running> StartAsync(TestDatabase database)
        {
            var storage = await TestStorage.CreateAsync(database);
            var path = System.IO.Path.Combine(storage.ContentRoot, "declaration.json");
            await File.WriteAllTextAsync(path, Json);
            var port = Ports.Free();
            var settings = storage.Settings.Append(new("IdentityProvider:Issuer", $"http://localhost:{port}")).ToDictionary();
            return new Running(storage, await HostProcess.StartAsync(storage.ContentRoot, port, settings.Append(new("IdentityProvider:Declarations", path)).ToDictionary()), settings);
        }

        public async Task<string> SucceedAsync(params string[] arguments)
        {
            var (exitCode, output) = await HostProcess.RunAsync(Storage.ContentRoot, Settings, arguments);
            Assert.True(exitCode == 0, output);
            return output;
        }

        public async Task<string> FailAsync(params string[] arguments)
        {
            var (exitCode, output) = await HostProcess.RunAsync(Storage.ContentRoot, Settings, arguments);
            Assert.True(exitCode == 1, output);
            return output;
        }

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            await Storage.DisposeAsync();
        }
    }
}
