using System.Data.Common;
using System.Net;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.IntegrationTests.Users;
using IdentityProvider.Testing;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Accounts;

public class PasswordSignInTests(SharedProviders providers)
{
    private const string Wrong = "not-the-password-at-all";

    [Theory, OnEachDatabase]
    public async Task Wrong_unknown_locked_disabled_and_passwordless_get_the_same_answer_after_the_same_work(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var (wrong, locked, disabled, passwordless) =
            (await provider.NewPersonAsync(), await provider.NewPersonAsync(), await provider.NewPersonAsync(), await provider.NewPersonAsync());
        await provider.SetAsync(locked.UserName, user => user.LockoutEnd = provider.Clock.GetUtcNow().AddMinutes(5));
        await provider.DisableAsync(disabled.Subject);
        await provider.SetAsync(passwordless.UserName, user => user.PasswordHash = null);
        using var hashes = new HashCounter(provider);

        List<(HttpStatusCode, string, long)> answers = [];
        foreach (var (name, password) in new[]
        {
            (wrong.UserName, Wrong),
            ("nobody-here", Wrong),
            (locked.UserName, locked.Password),
            (disabled.UserName, disabled.Password),
            (passwordless.UserName, Wrong),
        })
        {
            using var browser = provider.NewBrowser();
            hashes.Take();
            var page = await browser.SignInAsync(name, password);
            page.Element("username").RemoveAttribute("value");
            foreach (var token in page.Document.QuerySelectorAll("input[name=__RequestVerificationToken]"))
            {
                token.Remove();
            }

            answers.Add((page.Status, page.Document.DocumentElement.OuterHtml, hashes.Take()));
        }

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Equal(1, answers[0].Item3);
        Assert.Contains("The username or the password is not right", answers[0].Item2, StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase] // A commit without a change does not wait for the disk, which an observer could tell by the time.
    public async Task An_attempt_without_an_account_or_at_a_locked_one_writes_too_and_leaves_nothing(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var (open, locked) = (await provider.NewPersonAsync(), await provider.NewPersonAsync());
        await provider.SetAsync(locked.UserName, user => user.LockoutEnd = provider.Clock.GetUtcNow().AddMinutes(5));
        var writes = new WriteCounter(provider.Services.GetRequiredService<Statements>());
        var lockout = new Lockout(writes, provider.Clock);

        var attempts = new List<(Attempt, bool)>();
        foreach (var id in new[] { open.Id, locked.Id, Guid.Empty })
        {
            attempts.Add((await lockout.ReserveAsync(id, CancellationToken.None), writes.TakeChanged() > 0));
        }

        Assert.Equal([(Attempt.Another, true), (Attempt.None, true), (Attempt.None, true)], attempts);
        Assert.Equal(0, await provider.ReadAsync(db => db.Set<UsedProof>().CountAsync()));
    }

    [Theory, OnEachDatabase]
    public async Task Of_32_wrong_guesses_at_once_exactly_5_are_verified(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        var pages = await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ =>
        {
            var browser = provider.NewBrowser();
            return (Browser: browser, Page: await browser.OpenAsync("/login"));
        }));

        var answers = await Task.WhenAll(pages.Select(visit =>
            visit.Browser.PressAsync(visit.Page, "login-submit", AccountsData.Credentials(person.UserName, Wrong))));

        Assert.All(answers, answer => Assert.True(answer.Has("login-problem")));
        var events = await provider.AuditAsync(person.Subject);
        Assert.Equal(5, events.Count(row => row.Reason == "The password was wrong."));
        Assert.Equal(27, events.Count(row => row.Reason == "The account is locked after too many wrong passwords."));
        Assert.Single(events, row => row.Type == Audit.AuditEventType.AccountLocked);
    }

    [Theory, OnEachDatabase]
    public async Task Five_failures_lock_for_five_minutes_after_which_the_count_begins_anew(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        await FailAsync(browser, person, times: 5);

        Assert.True((await browser.SignInAsync(person.UserName, person.Password)).Has("login-problem"));
        provider.Clock.Advance(TimeSpan.FromMinutes(5));
        await FailAsync(browser, person, times: 4);

        Assert.False((await browser.SignInAsync(person.UserName, person.Password)).Has("login-problem"));
    }

    [Theory, OnEachDatabase]
    public async Task The_right_password_resets_the_count(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();

        for (var round = 0; round < 3; round++)
        {
            using var browser = provider.NewBrowser();
            await FailAsync(browser, person, times: 4);
            Assert.False((await browser.SignInAsync(person.UserName, person.Password)).Has("login-problem"));
        }

        Assert.Equal(0, (await provider.UserAsync(person.UserName)).AccessFailedCount);
    }

    [Theory]
    [OnEachDatabase("bcrypt")]
    [OnEachDatabase("identity")]
    [OnEachDatabase("weak")]
    public async Task An_older_hash_signs_in_once_and_is_Argon2id_from_then_on(TestDatabase database, string kind)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        const string password = "correct horse battery staple";
        await provider.SetAsync(person.UserName, user => user.PasswordHash = kind switch
        {
            "bcrypt" => "$2b$06$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K",
            "weak" => "$argon2id$v=19$m=64,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$o5lr8pyLCDE9qzjCQQ2yJxyZESu2Svjwku7S+dbJgnI",
            _ => new PasswordHasher<User>().HashPassword(user, password),
        });
        using var browser = provider.NewBrowser();
        using var again = provider.NewBrowser();

        Assert.False((await browser.SignInAsync(person.UserName, password)).Has("login-problem"));

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", (await provider.UserAsync(person.UserName)).PasswordHash, StringComparison.Ordinal);
        Assert.False((await again.SignInAsync(person.UserName, password)).Has("login-problem"));
    }

    [Theory, OnEachDatabase]
    public async Task A_verified_address_signs_in_and_one_on_several_accounts_does_not(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var (first, second, verified) = (await provider.NewPersonAsync(), await provider.NewPersonAsync(), await provider.NewPersonAsync());
        var shared = $"{first.UserName}@shared.example";
        foreach (var person in new[] { first, second })
        {
            await provider.SetAsync(person.UserName, user =>
                (user.Email, user.NormalizedEmail, user.EmailConfirmed) = (shared, shared.ToUpperInvariant(), false));
        }

        using var browser = provider.NewBrowser();
        using var ambiguous = provider.NewBrowser();

        Assert.False((await browser.SignInAsync(verified.Email.ToUpperInvariant(), verified.Password)).Has("login-problem"));
        Assert.True((await ambiguous.SignInAsync(shared, first.Password)).Has("login-problem"));
    }

    [Fact]
    public async Task When_too_many_passwords_are_being_verified_the_answer_is_503_with_Retry_After_and_nothing_is_counted()
    {
        await using var provider = await ProviderHost.StartAsync();
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var login = await browser.OpenAsync("/login");
        var queue = provider.Services.GetRequiredService<HashingQueue>();
        List<Task<IDisposable?>> places = [];
        do
        {
            places.Add(queue.EnterAsync(CancellationToken.None));
        }
        while (!places[^1].IsCompleted || await places[^1] is not null);

        var busy = await browser.PressAsync(login, "login-submit", AccountsData.Credentials(person.UserName, Wrong));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, busy.Status);
        Assert.Equal("2", busy.Headers["Retry-After"]);
        Assert.Equal(person.UserName, busy.Element("username").GetAttribute("value"));
        Assert.Equal(0, (await provider.UserAsync(person.UserName)).AccessFailedCount);
        foreach (var place in places)
        {
            (await place)?.Dispose();
        }

        Assert.False((await browser.SignInAsync(busy, person.UserName, person.Password)).Has("login-problem"));
    }

    [Theory, OnEachDatabase]
    public async Task Disabling_an_account_ends_its_sessions_and_lets_none_begin(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        Assert.True((await browser.GetAsync("/")).Has("logout-confirm"));

        Assert.True(await provider.DisableAsync(person.Subject));

        Assert.False(await provider.DisableAsync(person.Subject));
        Assert.False((await browser.GetAsync("/")).Has("logout-confirm"));
        Assert.True((await browser.SignInAsync(person.UserName, person.Password)).Has("login-problem"));
        Assert.True(await provider.InScopeAsync(services =>
            services.GetRequiredService<AccountStatus>().EnableAsync(person.Subject, CancellationToken.None)));
        Assert.False((await browser.SignInAsync(person.UserName, person.Password)).Has("login-problem"));
    }

    [Theory, OnEachDatabase]
    public async Task A_new_password_ends_every_session_and_replaces_the_old_one(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);

        var tooShort = await ChangeAsync("short");
        var changed = await ChangeAsync("an entirely new password");

        Assert.IsType<PasswordChangeOutcome.Refused>(tooShort);
        Assert.IsType<PasswordChangeOutcome.Changed>(changed);
        Assert.False((await browser.GetAsync("/")).Has("logout-confirm"));
        Assert.True((await browser.SignInAsync(person.UserName, person.Password)).Has("login-problem"));
        Assert.False((await browser.SignInAsync(person.UserName, "an entirely new password")).Has("login-problem"));

        Task<PasswordChangeOutcome> ChangeAsync(string password) => provider.InScopeAsync(services =>
            services.GetRequiredService<PasswordChange>().ChangeAsync(person.Subject, password, CancellationToken.None));
    }

    private sealed class WriteCounter(Statements statements) : Statements
    {
        private int changed;

        public int TakeChanged() => Interlocked.Exchange(ref changed, 0);

        public override ValueTask<T?> ReadAsync<T>(
            Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values) where T : class =>
            statements.ReadAsync(statement, row, cancellationToken, values);

        public override ValueTask<List<T>> ReadAllAsync<T>(
            Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values) =>
            statements.ReadAllAsync(statement, row, cancellationToken, values);

        public override List<T> ReadAll<T>(Statement statement, Func<DbDataReader, T> row, params object?[] values) =>
            statements.ReadAll(statement, row, values);

        public override Task<T> WriteAsync<T>(Func<StatementWriter, ValueTask<T>> work, CancellationToken cancellationToken) =>
            statements.WriteAsync(writer => work(new Writer(this, writer)), cancellationToken);

        private sealed class Writer(WriteCounter counter, StatementWriter writer) : StatementWriter
        {
            public override async ValueTask<int> ExecuteAsync(Statement statement, params object?[] values)
            {
                var rows = await writer.ExecuteAsync(statement, values);
                Interlocked.Add(ref counter.changed, rows);
                return rows;
            }
        }
    }

    private static async Task FailAsync(Browser browser, TestPerson person, int times)
    {
        for (var failure = 0; failure < times; failure++)
        {
            Assert.True((await browser.SignInAsync(person.UserName, Wrong)).Has("login-problem"));
        }
    }
}
