using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Accounts;
using IdentityProvider.Testing;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Users;

public class UserAccountsTests(SharedProviders providers)
{
    private readonly string name = "user-" + Wire.RandomText(9).ToLowerInvariant();

    [Theory, OnEachDatabase] // OpenID Connect Core §2
    public async Task The_subject_is_the_account_s_own_id_unless_another_is_given(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);

        var own = Created(await CreateAsync(provider, new NewUser { UserName = name }));
        var given = Created(await CreateAsync(provider, new NewUser { UserName = name + "-2", Subject = "legacy|" + name }));

        Assert.Equal(own.Id.ToString(), own.Subject);
        Assert.Equal("legacy|" + name, given.Subject);
    }

    [Theory]
    [OnEachDatabase("username")]
    [OnEachDatabase("sub")]
    [OnEachDatabase("email")]
    public async Task Of_accounts_made_at_once_with_the_same_name_subject_or_verified_address_one_is_made_and_the_others_are_told(
        TestDatabase database, string member)
    {
        var provider = await providers.OnAsync(database);
        var drafts = Enumerable.Range(0, 8).Select(number => new NewUser
        {
            UserName = member == "username" ? (number % 2 == 0 ? name : name.ToUpperInvariant()) : $"{name}-{number}",
            Subject = member == "sub" ? name : null,
            Email = member == "email" ? name + "@example.com" : null,
            EmailVerified = true,
        });

        var outcomes = await Task.WhenAll(drafts.Select(draft => CreateAsync(provider, draft)));

        Assert.Single(outcomes, outcome => outcome is UserCreation.Created);
        Assert.All(outcomes.OfType<UserCreation.Refused>(), refused => Assert.Equal(member, Assert.Single(refused.Problems).Member));
    }

    [Theory, OnEachDatabase]
    public async Task An_unverified_address_may_stand_on_several_accounts(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var draft = new NewUser { UserName = name, Email = name + "@example.com", EmailVerified = true };

        Created(await CreateAsync(provider, draft));
        Created(await CreateAsync(provider, draft with { UserName = name + "-2", EmailVerified = false }));
        Created(await CreateAsync(provider, draft with { UserName = name + "-3", EmailVerified = false }));
    }

    [Theory, OnEachDatabase]
    public async Task A_refused_account_leaves_the_transaction_around_it_usable(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var taken = await provider.NewPersonAsync();

        await provider.InScopeAsync(async services =>
        {
            var (db, accounts) = (services.GetRequiredService<AppDbContext>(), services.GetRequiredService<UserAccounts>());
            await using var transaction = await db.Database.BeginTransactionAsync();
            Assert.IsType<UserCreation.Refused>(await accounts.CreateAsync(new NewUser { UserName = taken.UserName }, CancellationToken.None));
            Assert.IsType<UserCreation.Created>(await accounts.CreateAsync(new NewUser { UserName = name }, CancellationToken.None));
            await transaction.CommitAsync();
            return true;
        });

        Assert.Equal(name, (await provider.UserAsync(name)).UserName);
    }

    [Fact]
    public async Task Everything_wrong_with_an_account_is_told_at_once_and_nothing_is_made()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        var outcome = await CreateAsync(provider, new NewUser
        {
            UserName = "two words",
            Subject = "sübject",
            Email = "no address",
            Password = "short",
            Roles = [new("no-such-role", Period.Always)],
        });

        Assert.Equal(["email", "password", "roles", "sub", "username"],
            Assert.IsType<UserCreation.Refused>(outcome).Problems.Select(problem => problem.Member).Order());
    }

    [Theory]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0", true)]
    [InlineData("$2b$06$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K", true)]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=4$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0", false)]
    [InlineData("$2b$06$too-short", false)]
    public async Task A_hash_is_taken_as_it_is_or_refused_but_never_hashed_again(string hash, bool good)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        var outcome = await CreateAsync(provider, new NewUser { UserName = name, Password = hash });

        if (good)
        {
            Assert.Equal(hash, Created(outcome).PasswordHash);
        }
        else
        {
            Assert.Equal("password", Assert.Single(Assert.IsType<UserCreation.Refused>(outcome).Problems).Member);
        }
    }

    [Theory, OnEachDatabase]
    public async Task An_account_is_on_record_from_the_moment_it_exists(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);

        var user = Created(await CreateAsync(provider, new NewUser { UserName = name }));

        Assert.True(await provider.InScopeAsync(services => services.GetRequiredService<AppDbContext>().Set<Audit.AuditEvent>()
            .AnyAsync(row => row.Subject == user.Subject && row.Type == Audit.AuditEventType.UserCreated)));
    }

    private static Task<UserCreation> CreateAsync(ProviderHost provider, NewUser draft) => provider.InScopeAsync(services =>
        services.GetRequiredService<UserAccounts>().CreateAsync(draft, CancellationToken.None));

    private static User Created(UserCreation outcome) => Assert.IsType<UserCreation.Created>(outcome).User;
}
