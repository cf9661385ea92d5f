using System.Net;
using IdentityProvider.Audit;
using IdentityProvider.Consents;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Accounts;
using IdentityProvider.IntegrationTests.Authorize;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>Somebody makes an account, or a link to one, keeps a way in, and waits until others raise it.</summary>
public sealed class PreparedAccountTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    private const string Chosen = "a sentence that its maker chose";
    private const string Declared = "a sentence that the file states";

    [Theory, OnEachDatabase]
    public async Task Whoever_prepared_an_account_is_out_when_a_file_raises_it_and_the_operator_is_told(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var prepared = await PrepareAsync(manager);
        await host.AddLoginAsync(prepared);
        using var inside = host.NewBrowser();
        await inside.SignInAsync(prepared.UserName, prepared.Password);
        var kept = (await host.Party("console").SignInAsync(prepared, "openid offline_access")).OrFail().RefreshToken;
        await host.AddConsentAsync(prepared);
        var file = Users(prepared, """["auditor"]""");

        var outcome = await host.MustDeclareAsync(file);
        var again = await host.MustDeclareAsync(file);

        Assert.Contains($"users link {prepared.UserName}", Assert.Single(outcome.Notes), StringComparison.Ordinal);
        Assert.Equal((0, 0), (again.Changed, again.Notes.Count));
        Assert.False((await inside.GetAsync("/")).Has("logout-confirm"));
        Assert.False(await CanSignInAsync(host, prepared));
        Assert.Equal("invalid_grant", (await host.Party("console").RefreshAsync(kept)).Error);
        Assert.False(await host.ReadAsync(db => db.UserLogins.AnyAsync(login => login.UserId == prepared.Id)));
        Assert.False(await host.ReadAsync(db => db.Set<Consent>().AnyAsync(consent => consent.UserId == prepared.Id)));
        Assert.Contains(await host.AuditAsync(prepared.Subject),
            row => row.Type == AuditEventType.UserChanged && row.Reason!.StartsWith("Raised by a declaration", StringComparison.Ordinal));
        // Nor does whoever prepared it get in again.
        Assert.Equal(HttpStatusCode.Forbidden, (await manager.AskAsync("POST", $"/users/{prepared.Subject}/password-reset")).Status);

        // The operator lets the person in, and whatever is applied later takes nothing from them.
        await ChooseAsync(host, await host.NewLinkAsync(prepared.UserName), Chosen + " anew");
        await host.MustDeclareAsync(file);
        await host.MustDeclareAsync(Users(prepared, """["auditor", "author"]"""));
        var person = prepared with { Password = Chosen + " anew" };
        Assert.Equal(HttpStatusCode.OK, (await host.AskAsync(await host.TokenAsync(person), "GET", "/audit")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task It_does_not_matter_by_what_a_file_raises_somebody_or_for_when(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var mark = Wire.RandomText(6).ToLowerInvariant();
        foreach (var raising in new Func<string, string>[]
        {
            name => $$"""{ "users": [{ "username": "{{name}}", "roles": [{ "role": "administrator", "not_before": "2098-01-01T00:00:00Z" }] }] }""",
            name => $$"""{ "groups": [{ "name": "wardens-{{mark}}", "roles": ["auditor"], "users": ["{{name}}"] }] }""",
            name => $$"""{ "roles": [{ "name": "warden-{{mark}}", "inherits": ["client-manager"] }], "users": [{ "username": "{{name}}", "roles": ["warden-{{mark}}"] }] }""",
        })
        {
            var prepared = await PrepareAsync(manager);
            Assert.Single((await host.MustDeclareAsync(raising(prepared.UserName))).Notes);
            Assert.False(await CanSignInAsync(host, prepared));
        }

        // A link that nobody has used yet, of somebody whose role becomes more.
        var person = await host.NewPersonAsync();
        await host.MustDeclareAsync($$"""{ "roles": [{ "name": "grows-{{mark}}" }], "users": [{ "username": "{{person.UserName}}", "roles": ["grows-{{mark}}"] }] }""");
        var link = (await manager.AskAsync("POST", $"/users/{person.Subject}/password-reset")).OrFail()["link"];
        Assert.Single((await host.MustDeclareAsync($$"""{ "roles": [{ "name": "grows-{{mark}}", "inherits": ["key-custodian"] }] }""")).Notes);
        using var browser = host.NewBrowser();
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(link)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_raised_account_has_the_password_that_the_file_states_and_no_other(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var prepared = await PrepareAsync(manager);

        var refused = await host.MustRefuseAsync(Users(prepared, """["administrator"]""", """, "password": "short" """));
        Assert.StartsWith("users[0].password", Assert.Single(refused), StringComparison.Ordinal);
        Assert.True(await CanSignInAsync(host, prepared));

        var outcome = await host.MustDeclareAsync(Users(prepared, """["administrator"]""", $$""", "password": "{{Declared}}" """));
        Assert.EndsWith("the password is the one of the file.", Assert.Single(outcome.Notes), StringComparison.Ordinal);
        Assert.False(await CanSignInAsync(host, prepared));
        Assert.True(await CanSignInAsync(host, prepared with { Password = Declared }));
    }

    [Theory, OnEachDatabase]
    public async Task Nobody_loses_a_password_who_is_not_raised_or_whose_account_nobody_beneath_prepared(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");

        // Never touched, prepared by somebody who holds as much, and raised in other matters only.
        var (own, equal, other) = (await host.NewPersonAsync(), await PrepareAsync(administrator), await PrepareAsync(manager));
        foreach (var (person, roles) in new[] { (own, """["auditor"]"""), (equal, """["user-manager"]"""), (equal, """["administrator", "author"]"""), (other, """["editor"]"""), (other, """["help-desk"]""") })
        {
            Assert.Empty((await host.MustDeclareAsync(Users(person, roles))).Notes);
            Assert.True(await CanSignInAsync(host, person), $"{person.UserName} {roles}");
        }
    }

    [Theory, OnEachDatabase]
    public async Task What_was_prepared_from_a_prepared_account_is_lost_with_it(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var (first, within) = await PrepareManagerAsync(manager);
        var (second, third) = (await PrepareAsync(within), await PrepareAsync(within));

        var both = await host.MustDeclareAsync($$"""
            { "users": [{ "username": "{{first.UserName}}", "roles": ["administrator"] }, { "username": "{{second.UserName}}", "roles": ["administrator"] }] }
            """);
        var later = await host.MustDeclareAsync(Users(third, """["client-manager"]"""));

        Assert.Equal((2, 1), (both.Notes.Count, later.Notes.Count));
        foreach (var person in new[] { first, second, third })
        {
            Assert.False(await CanSignInAsync(host, person));
        }
    }

    // Who knew the password of an account did what was done from it, whatever its person comes to hold once the account is theirs.
    [Theory, OnEachDatabase]
    public async Task What_was_prepared_from_an_account_that_changed_hands_is_nobodys(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        foreach (var handOver in new Func<TestPerson, Task<string>>[]
        {
            async person => (await administrator.AskAsync("POST", $"/users/{person.Subject}/password-reset")).OrFail()["link"],
            person => host.NewLinkAsync(person.UserName),
        })
        {
            var (between, within) = await PrepareManagerAsync(manager);
            var (declared, asked) = (await PrepareAsync(within), await PrepareAsync(within));
            await ChooseAsync(host, await handOver(between), Declared);

            Assert.Empty((await host.MustDeclareAsync(Users(between, """["administrator"]"""))).Notes);
            Assert.True(await CanSignInAsync(host, between with { Password = Declared }));
            Assert.Equal(HttpStatusCode.Forbidden, (await administrator.AskAsync("PUT", $"/users/{asked.Subject}/roles/client-manager")).Status);
            Assert.Single((await host.MustDeclareAsync(Users(declared, """["administrator"]"""))).Notes);
            Assert.False(await CanSignInAsync(host, declared));
        }
    }

    [Theory, OnEachDatabase]
    public async Task Two_accounts_that_prepare_each_other_are_not_each_others_surety(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var (one, within) = await PrepareManagerAsync(manager);
        var (other, withinOther) = await PrepareManagerAsync(within);
        await ChooseAsync(host, (await withinOther.AskAsync("POST", $"/users/{one.Subject}/password-reset")).OrFail()["link"], Chosen);

        // Each after the other: the first one holds all by then.
        Assert.Single((await host.MustDeclareAsync(Users(one, """["administrator"]"""))).Notes);
        Assert.Single((await host.MustDeclareAsync(Users(other, """["administrator"]"""))).Notes);

        Assert.False(await CanSignInAsync(host, one));
        Assert.False(await CanSignInAsync(host, other));
    }

    [Theory, OnEachDatabase]
    public async Task Whoever_goes_with_the_file_that_raises_their_account_is_out_of_it(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = Administered.Declaration });
        var leaving = await host.NewAdministratorAsync("""["administrator"]""");
        var prepared = await PrepareAsync(leaving);

        var outcome = await host.MustDeclareAsync(Users(prepared, """["administrator"]"""), prune: true);

        Assert.Null(await host.FindUserAsync(leaving.Person.UserName));
        Assert.Contains($"users link {prepared.UserName}", Assert.Single(outcome.Notes), StringComparison.Ordinal);
        Assert.False(await CanSignInAsync(host, prepared));
    }

    [Theory, OnEachDatabase]
    public async Task Over_HTTP_a_prepared_account_is_raised_once_somebody_who_holds_as_much_made_its_link(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var prepared = await PrepareAsync(manager);
        await host.AddLoginAsync(prepared);
        await host.MustDeclareAsync($$"""{ "groups": [{ "name": "chiefs", "roles": ["administrator"], "users": ["{{administrator.Person.UserName}}"] }] }""");

        foreach (var what in new[] { "roles/client-manager", "roles/administrator", "groups/chiefs" })
        {
            var refused = await administrator.AskAsync("PUT", $"/users/{prepared.Subject}/{what}", """{ "not_before": "2098-01-01T00:00:00Z" }""");
            Assert.True(refused.Status == HttpStatusCode.Forbidden && refused["detail"].Contains("password-reset", StringComparison.Ordinal), $"{what}: {refused}");
        }

        Assert.Equal(HttpStatusCode.NoContent, (await administrator.AskAsync("PUT", $"/users/{prepared.Subject}/roles/help-desk")).Status);
        Assert.True(await CanSignInAsync(host, prepared));
        Assert.True(await host.ReadAsync(db => db.Set<AuditEvent>().AnyAsync(row => row.ActorSubject == administrator.Person.Subject
            && row.Type == AuditEventType.AdministrationRefused && row.Reason!.StartsWith("administration.prepared"))));

        var link = (await administrator.AskAsync("POST", $"/users/{prepared.Subject}/password-reset")).OrFail()["link"];
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.AskAsync("PUT", $"/users/{prepared.Subject}/roles/client-manager")).Status);
        Assert.False(await CanSignInAsync(host, prepared));
        Assert.False(await host.ReadAsync(db => db.UserLogins.AnyAsync(login => login.UserId == prepared.Id)));
        await ChooseAsync(host, link, Declared);
        Assert.True(await CanSignInAsync(host, prepared with { Password = Declared }));
    }

    [Theory, OnEachDatabase]
    public async Task Who_prepared_an_account_counts_by_what_they_hold_today(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var (one, other) = (await host.NewAdministratorAsync("""["administrator"]"""), await host.NewAdministratorAsync("""["administrator"]"""));
        var prepared = await PrepareAsync(one);

        Assert.Equal(HttpStatusCode.NoContent, (await other.AskAsync("POST", $"/users/{one.Person.Subject}/disable")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.AskAsync("PUT", $"/users/{prepared.Subject}/roles/help-desk")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await other.AskAsync("POST", $"/users/{one.Person.Subject}/enable")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await other.AskAsync("PUT", $"/users/{prepared.Subject}/roles/help-desk")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Who_holds_something_for_a_time_prepares_nobody_to_hold_it_for_longer(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var passing = await host.NewAdministratorAsync("""[{ "role": "administrator", "expires_at": "2090-01-01T00:00:00Z" }]""");
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var prepared = await PrepareAsync(passing);
        const string Until = """{ "expires_at": "2090-01-01T00:00:00Z" }""";

        Assert.Equal(HttpStatusCode.Forbidden, (await administrator.AskAsync("PUT", $"/users/{prepared.Subject}/roles/help-desk")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.AskAsync("PUT", $"/users/{prepared.Subject}/roles/help-desk", Until)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await administrator.AskAsync("PUT", $"/users/{prepared.Subject}/roles/help-desk")).Status);
        Assert.True(await CanSignInAsync(host, prepared));
        Assert.Single((await host.MustDeclareAsync(Users(prepared, """["help-desk"]"""))).Notes);
        Assert.False(await CanSignInAsync(host, prepared));
    }

    [Theory, OnEachDatabase]
    public async Task What_a_machine_prepared_is_raised_no_further_than_the_machine(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync("""
            { "clients": [{ "client_id": "onboarding", "client_secret": "administered-secret-0000000000000000000000000", "grant_types": ["client_credentials"], "scope": "administration", "roles": ["user-manager"] }] }
            """);
        var robot = await host.TokenAsync("onboarding");
        var name = "boarded-" + Wire.RandomText(8).ToLowerInvariant();
        var made = await host.AskAsync(robot, "POST", "/users", $$"""{ "username": "{{name}}" }""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var link = (await host.AskAsync(robot, "POST", $"/users/{made["sub"]}/password-reset")).OrFail()["link"];

        Assert.Empty((await host.MustDeclareAsync($$"""{ "users": [{ "username": "{{name}}", "roles": ["help-desk"] }] }""")).Notes);
        Assert.Single((await host.MustDeclareAsync($$"""{ "users": [{ "username": "{{name}}", "roles": ["client-manager"] }] }""")).Notes);
        using var browser = host.NewBrowser();
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(link)).Status);
    }

    private static string Users(TestPerson person, string roles, string more = "") =>
        $$"""{ "users": [{ "username": "{{person.UserName}}", "roles": {{roles}}{{more}} }] }""";

    // An account with a password that whoever made it chose.
    private static async Task<TestPerson> PrepareAsync(Administrator by)
    {
        var name = "prepared-" + Wire.RandomText(8).ToLowerInvariant();
        var made = await by.AskAsync("POST", "/users", $$"""{ "username": "{{name}}" }""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        await ChooseAsync(by.Host, (await by.AskAsync("POST", $"/users/{made["sub"]}/password-reset")).OrFail()["link"], Chosen);
        return new TestPerson((await by.Host.FindUserAsync(name))!.Id, name, Chosen, made["sub"]);
    }

    // The same with the role that prepares others, and whoever made it signed in there.
    private static async Task<(TestPerson Person, Administrator Within)> PrepareManagerAsync(Administrator by)
    {
        var person = await PrepareAsync(by);
        await by.Host.AssignAsync(person, """["user-manager"]""");
        return (person, new Administrator(by.Host, person, await by.Host.TokenAsync(person)));
    }

    private static async Task ChooseAsync(ProviderHost host, string link, string password)
    {
        using var browser = host.NewBrowser();
        var done = await browser.PressAsync(await browser.OpenAsync(link), "reset-submit", UserAdministrationTests.Passwords(password, password));
        Assert.Contains("Your password is set", done.Text, StringComparison.Ordinal);
    }

    private static async Task<bool> CanSignInAsync(ProviderHost host, TestPerson person)
    {
        using var browser = host.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        return (await browser.GetAsync("/")).Has("logout-confirm");
    }
}

internal static class PreparedAccountSteps
{
    /// <summary>As if its owner, or whoever knows its password, had linked an account at another provider.</summary>
    public static async Task AddLoginAsync(this ProviderHost host, TestPerson person)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Add(new IdentityUserLogin<Guid> { UserId = person.Id, LoginProvider = "google", ProviderKey = Wire.RandomText(12), ProviderDisplayName = "Google" });
        await db.SaveChangesAsync();
    }

    /// <summary>As if an app had been allowed something in it.</summary>
    public static async Task AddConsentAsync(this ProviderHost host, TestPerson person)
    {
        await using var scope = host.Services.CreateAsyncScope();
        Assert.True(await scope.ServiceProvider.GetRequiredService<ConsentLedger>().AllowAsync(
            person.Id, person.Subject, "plain-app", await host.LiveSessionAsync(person), ["openid", "posts"], CancellationToken.None));
    }

    /// <summary>A link as the command <c>users link</c> prints it.</summary>
    public static async Task<string> NewLinkAsync(this ProviderHost host, string userName)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserDirectory>().FindByNameAsync(userName, CancellationToken.None);
        var made = await scope.ServiceProvider.GetRequiredService<PasswordResets>().MakeAsync(user!, preparedBy: null, CancellationToken.None);
        return Assert.IsType<PasswordLink.Made>(made).Url;
    }
}
