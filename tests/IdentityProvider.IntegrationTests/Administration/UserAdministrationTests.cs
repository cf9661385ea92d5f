using System.Net;
using IdentityProvider.Audit;
using IdentityProvider.IntegrationTests.Accounts;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>Accounts, sessions and passwords of others.</summary>
public sealed class UserAdministrationTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    private const string NewPassword = "another sentence works well";

    [Theory, OnEachDatabase]
    public async Task A_link_lets_a_person_choose_a_password_once_and_ends_what_the_old_one_began(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var helper = await host.NewAdministratorAsync("""["help-desk"]""");
        var person = await host.NewPersonAsync();
        using var old = host.NewBrowser();
        await old.SignInAsync(person.UserName, person.Password);

        var voided = (await helper.AskAsync("POST", $"/users/{person.Subject}/password-reset")).OrFail()["link"];
        var link = (await helper.AskAsync("POST", $"/users/{person.Subject}/password-reset")).OrFail()["link"];

        Assert.False((await old.GetAsync("/")).Has("logout-confirm"));
        using var browser = host.NewBrowser();
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(voided)).Status);
        Assert.False((await SignInAsync(host, person.UserName, person.Password)).Has("logout-confirm"));
        var form = await browser.OpenAsync(link);
        Assert.Contains(person.UserName, form.Text, StringComparison.Ordinal);
        var different = await browser.PressAsync(form, "reset-submit", Passwords(NewPassword, "something else"));
        var tooShort = await browser.PressAsync(different, "reset-submit", Passwords("short", "short"));
        var done = await browser.PressAsync(tooShort, "reset-submit", Passwords(NewPassword, NewPassword));
        Assert.Contains("not the same", different.TextOf("password-again-error"), StringComparison.Ordinal);
        Assert.Contains("12 characters", tooShort.TextOf("password-error"), StringComparison.Ordinal);
        Assert.Contains("Your password is set", done.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(link)).Status);
        Assert.True((await SignInAsync(host, person.UserName, NewPassword)).Has("logout-confirm"));

        var rows = await host.AuditAsync(person.Subject);
        Assert.Contains(rows, row => row is { Reason: "The password was taken away.", ActorClientId: "console" } && row.ActorSubject == helper.Person.Subject);
        Assert.Contains(rows, row => row is { Reason: "New password.", ActorSubject: null });
    }

    [Theory, OnEachDatabase]
    public async Task Of_many_who_use_a_link_at_once_one_sets_the_password(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var helper = await host.NewAdministratorAsync("""["help-desk"]""");
        var person = await host.NewPersonAsync();
        var link = (await helper.AskAsync("POST", $"/users/{person.Subject}/password-reset")).OrFail()["link"];
        var visits = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var browser = host.NewBrowser();
            return (Browser: browser, Form: await browser.OpenAsync(link));
        }));

        var answers = await Task.WhenAll(visits.Select(visit => visit.Browser.PressAsync(visit.Form, "reset-submit", Passwords(NewPassword, NewPassword))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK && answer.Text.Contains("Your password is set", StringComparison.Ordinal));
    }

    [Theory, OnEachDatabase]
    public async Task A_link_is_void_after_an_hour_and_for_a_disabled_account(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync(Administered.Declaration);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();

        var link = (await manager.AskAsync("POST", $"/users/{person.Subject}/password-reset")).OrFail()["link"];
        await manager.AskAsync("POST", $"/users/{person.Subject}/disable");
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(link)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await manager.AskAsync("POST", $"/users/{person.Subject}/password-reset")).Status);
        await manager.AskAsync("POST", $"/users/{person.Subject}/enable");
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(link)).Status);
        link = (await manager.AskAsync("POST", $"/users/{person.Subject}/password-reset")).OrFail()["link"];
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(link)).Status);
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(link)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync("/reset?token=made-up")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync("/reset")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_link_is_void_once_the_account_is_disabled_and_not_when_it_is_given_what_its_maker_holds(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var (disabled, promoted) = (await host.NewPersonAsync(), await host.NewPersonAsync());
        var links = new List<string>();
        foreach (var person in new[] { disabled, promoted })
        {
            links.Add((await administrator.AskAsync("POST", $"/users/{person.Subject}/password-reset")).OrFail()["link"]);
        }

        await administrator.AskAsync("POST", $"/users/{disabled.Subject}/disable");
        await administrator.AskAsync("POST", $"/users/{disabled.Subject}/enable");
        await administrator.AskAsync("PUT", $"/users/{promoted.Subject}/roles/help-desk");

        using var browser = host.NewBrowser();
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(links[0])).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(links[1])).Status);
    }

    [Theory, OnEachDatabase]
    public async Task An_account_is_made_without_password_or_roles_and_found_again(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var name = "new-" + Wire.RandomText(8).ToLowerInvariant();

        var made = await manager.AskAsync("POST", "/users", $$"""{ "username": "{{name}}", "email": "{{name}}@example.com", "name": "New Person" }""");
        var again = await manager.AskAsync("POST", "/users", $$"""{ "username": "{{name.ToUpperInvariant()}}" }""");
        var roles = await manager.AskAsync("POST", "/users", """{ "username": "sneaky", "roles": ["administrator"] }""");
        var found = (await manager.AskAsync("GET", "/users?q=" + name)).OrFail();
        var sub = made["sub"];

        Assert.Equal((HttpStatusCode.Created, "False", "False"), (made.Status, made["email_verified"], made["has_password"]));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (again.Status, roles.Status));
        Assert.Equal(sub, Assert.Single(found.Json.GetProperty("users").EnumerateArray()).GetProperty("sub").GetString());
        Assert.StartsWith(host.Issuer + "/reset?token=", (await manager.AskAsync("POST", $"/users/{sub}/password-reset")).OrFail()["link"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await manager.AskAsync("GET", "/users/nobody%2Fat-all")).Status);
        Assert.Equal(HttpStatusCode.OK, (await manager.AskAsync("GET", "/users?q=%25&limit=99999&after=%00")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Every_change_names_who_made_it_and_an_auditor_reads_it_and_why_others_were_refused(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var auditor = await host.NewAdministratorAsync("""["auditor"]""");
        var person = await host.NewPersonAsync("[]");

        await administrator.AskAsync("PUT", $"/users/{person.Subject}/roles/help-desk", """{ "expires_at": "2099-01-01T00:00:00Z" }""");
        await administrator.AskAsync("POST", $"/users/{person.Subject}/disable");
        var refused = await administrator.AskAsync("PUT", $"/users/{person.Subject}/roles/auditor");
        var events = (await auditor.AskAsync("GET", $"/audit?actor={administrator.Person.Subject}&subject={person.Subject}")).OrFail().Json.GetProperty("events");
        await Eventually.TrueAsync(async () => (await auditor.AskAsync("GET", $"/decisions/{refused["reference"]}")).Succeeded);
        var why = (await auditor.AskAsync("GET", $"/decisions/{refused["reference"]}")).OrFail();

        Assert.Contains(events.EnumerateArray(), row => row.GetProperty("reason").GetString() == "The role help-desk was given until 2099-01-01 00:00:00 UTC.");
        Assert.Contains(events.EnumerateArray(), row => row.GetProperty("reason").GetString() == "Disabled.");
        var probes = (await host.AuditAsync(null!)).Where(row => row.Type == AuditEventType.AdministrationRefused && row.ActorSubject == administrator.Person.Subject);
        Assert.Equal($"administration.grant: PUT /admin/v1/users/{person.Subject}/roles/auditor", Assert.Single(probes).Reason);
        Assert.Equal(("administration.grant", "console"), (why["rule"], why["client_id"]));
        Assert.Equal(HttpStatusCode.BadRequest, (await auditor.AskAsync("GET", "/audit?type=Nonsense")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await auditor.AskAsync("GET", "/decisions/nonsense")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Keys_are_rotated_by_who_keeps_them_and_nobody_else(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var custodian = await host.NewAdministratorAsync("""["key-custodian"]""");

        var rotated = (await custodian.AskAsync("POST", "/keys/rotate")).OrFail().Json.GetProperty("keys");

        Assert.Contains(rotated.EnumerateArray(), key => key.GetProperty("state").GetString() == "published");
        Assert.Equal(rotated.GetArrayLength(), (await custodian.AskAsync("POST", "/keys/rotate")).OrFail().Json.GetProperty("keys").GetArrayLength());
    }

    [Theory, OnEachDatabase]
    public async Task Roles_and_groups_are_listed_with_what_they_grant(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["access-manager"]""");

        var roles = (await manager.AskAsync("GET", "/roles?limit=200")).OrFail().Json;
        var groups = (await manager.AskAsync("GET", "/groups")).OrFail().Json.GetProperty("groups");

        var lead = roles.GetProperty("roles").EnumerateArray().Single(role => role.GetProperty("name").GetString() == "support-lead");
        Assert.Contains(lead.GetProperty("permissions").GetProperty(Administered.Identifier).EnumerateArray(), name => name.GetString() == "roles.grant");
        Assert.Equal(7, roles.GetProperty("administration").GetArrayLength());
        Assert.Contains(groups.EnumerateArray(), group => group.GetProperty("name").GetString() == "keepers");
        Assert.Equal(HttpStatusCode.OK, (await manager.AskAsync("GET", "/clients/robot/roles")).Status);
    }

    private static async Task<Page> SignInAsync(ProviderHost host, string userName, string password)
    {
        using var browser = host.NewBrowser();
        await browser.SignInAsync(userName, password);
        return await browser.GetAsync("/");
    }

    internal static Dictionary<string, string> Passwords(string password, string again) => new() { ["password"] = password, ["password-again"] = again };
}
