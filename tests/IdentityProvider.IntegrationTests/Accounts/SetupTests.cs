using System.Net;
using IdentityProvider.Accounts;
using IdentityProvider.Data;
using IdentityProvider.Testing;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Accounts;

public class SetupTests
{
    private const string Password = "a sentence works well";

    [Theory, OnEachDatabase]
    public async Task The_link_makes_one_administrator_signs_them_in_and_works_no_more(TestDatabase database)
    {
        await using var provider = await StartAsync(database);
        var link = await LinkAsync(provider);
        using var browser = provider.NewBrowser();
        // Opened twice before it is used: a preview in a chat must not use it up.
        await browser.OpenAsync(link!);
        var form = await browser.OpenAsync(link!);

        var start = await browser.PressAsync(form, "setup-submit", Account("root"));

        Assert.StartsWith(provider.Issuer + "/setup?token=", link, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (start.Status, start.Location!.AbsolutePath));
        Assert.True((await browser.GetAsync("/")).Has("logout-confirm"));
        Assert.Equal(["root"], await AdministratorsAsync(provider));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(link!)).Status);
        Assert.Null(await LinkAsync(provider));
        Assert.Contains(await provider.AuditAsync((await provider.UserAsync("root")).Subject),
            row => row is { Type: Audit.AuditEventType.AdministratorCreated, Succeeded: true });
    }

    [Theory, OnEachDatabase]
    public async Task Of_many_at_once_one_becomes_administrator(TestDatabase database)
    {
        await using var provider = await StartAsync(database);
        var link = await LinkAsync(provider);
        var visits = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            var browser = provider.NewBrowser();
            return (Number: number, Browser: browser, Form: await browser.OpenAsync(link!));
        }));

        var answers = await Task.WhenAll(visits.Select(visit =>
            visit.Browser.PressAsync(visit.Form, "setup-submit", Account($"root-{visit.Number}"))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.SeeOther);
        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.BadRequest));
        Assert.Single(await AdministratorsAsync(provider));
    }

    // Of two that wait for each other PostgreSQL ends one.
    [Theory, OnEachDatabase]
    public async Task While_a_declaration_is_applied_that_makes_the_role_too_the_link_waits(TestDatabase database)
    {
        await using var provider = await StartAsync(database);
        var link = await LinkAsync(provider);
        using var browser = provider.NewBrowser();
        var form = await browser.OpenAsync(link!);

        var answer = await provider.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<AppDbContext>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.HoldAsync(ChangeStamps.Permissions, CancellationToken.None);
            var pressed = browser.PressAsync(form, "setup-submit", Account("root"));
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            Assert.True(await services.GetRequiredService<RoleRegistry>().EnsureAsync(Role.Administrator, CancellationToken.None));
            await transaction.CommitAsync();
            return await pressed;
        });

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal(["root"], await AdministratorsAsync(provider));
    }

    [Theory, OnEachDatabase]
    public async Task A_new_link_voids_the_one_before_it(TestDatabase database)
    {
        await using var provider = await StartAsync(database);
        var (old, current) = (await LinkAsync(provider), await LinkAsync(provider));
        using var browser = provider.NewBrowser();

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(old!)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(current!)).Status);
    }

    [Theory]
    [OnEachDatabase("""{ "users": [{ "username": "chief" }], "groups": [{ "name": "operators", "roles": ["administrator"], "users": ["chief"] }] }""")]
    [OnEachDatabase("""
        {
          "roles": [{ "name": "operator", "inherits": ["administrator"] }, { "name": "chief-operator", "inherits": ["operator"] }],
          "users": [{ "username": "chief", "roles": ["chief-operator"] }]
        }
        """)]
    public async Task Who_is_administrator_by_a_group_or_an_inheriting_role_is_one_too_and_voids_the_link(TestDatabase database, string declaration)
    {
        await using var provider = await StartAsync(database);
        var link = await LinkAsync(provider);
        using var browser = provider.NewBrowser();
        var form = await browser.OpenAsync(link!);
        await provider.ApplyAsync(declaration);

        var answer = await browser.PressAsync(form, "setup-submit", Account("root"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty(await AdministratorsAsync(provider));
        Assert.Null(await LinkAsync(provider));
    }

    [Theory, OnEachDatabase] // Who was administrator once is none: set-up would be over with nobody to look after the server.
    public async Task An_administrator_whose_time_is_over_does_not_count_and_one_whose_time_has_yet_to_come_does(TestDatabase database)
    {
        await using var provider = await StartAsync(database);

        await provider.ApplyAsync("""{ "users": [{ "username": "former", "roles": [{ "role": "administrator", "expires_at": "2020-01-01T00:00:00Z" }] }] }""");
        Assert.NotNull(await LinkAsync(provider));
        await provider.ApplyAsync("""{ "users": [{ "username": "coming", "roles": [{ "role": "administrator", "not_before": "2099-01-01T00:00:00Z" }] }] }""");
        Assert.Null(await LinkAsync(provider));
    }

    [Fact]
    public async Task After_an_hour_the_link_is_void_also_for_a_form_opened_in_time()
    {
        await using var provider = await StartAsync(TestDatabase.Sqlite);
        var link = await LinkAsync(provider);
        using var browser = provider.NewBrowser();
        var form = await browser.OpenAsync(link!);
        provider.Clock.Advance(TimeSpan.FromMinutes(60));

        var late = await browser.PressAsync(form, "setup-submit", Account("root"));

        Assert.Equal(HttpStatusCode.BadRequest, late.Status);
        Assert.Contains("This link no longer works", late.Text, StringComparison.Ordinal);
        Assert.Empty(await AdministratorsAsync(provider));
    }

    [Theory, OnEachDatabase]
    public async Task What_is_wrong_is_said_at_its_field_and_leaves_the_link_good(TestDatabase database)
    {
        await using var provider = await StartAsync(database);
        var taken = (await provider.NewPersonAsync()).UserName;
        var link = await LinkAsync(provider);
        using var browser = provider.NewBrowser();
        var form = await browser.OpenAsync(link!);

        var nameTaken = await browser.PressAsync(form, "setup-submit", Account(taken));
        var noName = await browser.PressAsync(nameTaken, "setup-submit", Account("two words"));
        var tooShort = await browser.PressAsync(noName, "setup-submit", Account("root", "short", "short"));
        var notTheSame = await browser.PressAsync(tooShort, "setup-submit", Account("root", Password, Password + "!"));
        var done = await browser.PressAsync(notTheSame, "setup-submit", Account("root"));

        Assert.Contains("taken", nameTaken.TextOf("username-error"), StringComparison.Ordinal);
        Assert.Contains("letters", noName.TextOf("username-error"), StringComparison.Ordinal);
        Assert.Contains("12 characters", tooShort.TextOf("password-error"), StringComparison.Ordinal);
        Assert.Contains("not the same", notTheSame.TextOf("password-again-error"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
    }

    [Theory]
    [InlineData("/setup")]
    [InlineData("/setup?token=")]
    [InlineData("/setup?token=made-up")]
    public async Task A_made_up_link_is_explained(string link)
    {
        await using var provider = await StartAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        var page = await browser.OpenAsync(link);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("setup-link", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_does_not_know_the_token()
    {
        await using var provider = await StartAsync(TestDatabase.Sqlite);
        var token = (await LinkAsync(provider))!.Split("token=")[1];

        var stored = await provider.InScopeAsync(services =>
            services.GetRequiredService<AppDbContext>().Set<SetupLink>().SingleAsync());

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token)), stored.TokenHash);
    }

    private static Task<ProviderHost> StartAsync(TestDatabase database) =>
        ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });

    private static Task<string?> LinkAsync(ProviderHost provider) => provider.InScopeAsync(services =>
        services.GetRequiredService<SetupLinks>().CreateLinkAsync(CancellationToken.None));

    private static Task<List<string?>> AdministratorsAsync(ProviderHost provider) => provider.InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<AppDbContext>();
        return await (
            from member in db.UserRoles
            join role in db.Roles on member.RoleId equals role.Id
            join user in db.Users on member.UserId equals user.Id
            where role.Name == Role.Administrator
            select user.UserName).ToListAsync();
    });

    private static Dictionary<string, string> Account(string userName, string password = Password, string again = Password) => new()
    {
        ["username"] = userName,
        ["password"] = password,
        ["password-again"] = again,
    };
}
