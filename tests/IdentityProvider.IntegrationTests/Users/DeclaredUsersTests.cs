using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Accounts;
using IdentityProvider.Testing;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Users;

public class DeclaredUsersTests(SharedProviders providers)
{
    private readonly string name = "declared-" + Wire.RandomText(9).ToLowerInvariant();

    [Theory, OnEachDatabase]
    public async Task Applying_twice_changes_nothing_the_second_time(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var declared = Declare("""{"name":"Dora","email":"dora@x.example","address":{"country":"Peru"}}""") with { Subject = name, Password = "a declared password" };

        Assert.IsType<DeclaredUserOutcome.Created>(await ApplyAsync(provider, declared));
        Assert.IsType<DeclaredUserOutcome.Unchanged>(await ApplyAsync(provider, declared));
    }

    [Theory, OnEachDatabase]
    public async Task Only_what_is_named_is_overwritten_and_the_password_never(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        await ApplyAsync(provider, Declare("""{"name":"Dora","nickname":"Do","phone_number":"+1 555","phone_number_verified":true}""") with { Password = "the first password" });
        var before = await provider.UserAsync(name);

        var outcome = await ApplyAsync(provider, Declare("""{"name":"Dora D.","nickname":null}""") with { Password = "another password here" });

        var after = await provider.UserAsync(name);
        Assert.IsType<DeclaredUserOutcome.Changed>(outcome);
        Assert.Equal(("Dora D.", null, "+1 555", true), (after.Profile.Name, after.Profile.Nickname, after.PhoneNumber, after.PhoneNumberConfirmed));
        Assert.Equal((before.PasswordHash, before.Subject), (after.PasswordHash, after.Subject));
        Assert.True(after.UpdatedAt > before.UpdatedAt);
    }

    [Theory, OnEachDatabase]
    public async Task A_new_address_is_not_verified_unless_it_is_called_so(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        await ApplyAsync(provider, Declare($$"""{"email":"{{name}}@one.example","email_verified":true}"""));

        await ApplyAsync(provider, Declare($$"""{"email":"{{name}}@one.example"}"""));
        Assert.True((await provider.UserAsync(name)).EmailConfirmed);
        await ApplyAsync(provider, Declare($$"""{"email":"{{name}}@two.example"}"""));
        Assert.False((await provider.UserAsync(name)).EmailConfirmed);
    }

    [Theory, OnEachDatabase]
    public async Task A_verified_address_of_another_account_is_refused_by_name(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        await ApplyAsync(provider, Declare("{}"));

        var outcome = await ApplyAsync(provider, Declare($$"""{"email":"{{person.Email}}","email_verified":true}"""));

        Assert.Equal("email", Assert.Single(Assert.IsType<DeclaredUserOutcome.Refused>(outcome).Problems).Member);
    }

    [Theory, OnEachDatabase]
    public async Task Roles_are_exactly_those_named_and_stay_when_none_are_named(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        await provider.InScopeAsync(async services =>
        {
            var roles = services.GetRequiredService<RoleRegistry>();
            return await roles.EnsureAsync(name + "-a", CancellationToken.None) && await roles.EnsureAsync(name + "-b", CancellationToken.None);
        });

        await ApplyAsync(provider, Declare("{}") with { Roles = [new(name + "-a", Period.Always)] });
        await ApplyAsync(provider, Declare("{}") with { Roles = [new(name + "-b", Period.Always)] });
        await ApplyAsync(provider, Declare("""{"name":"Dora"}"""));

        Assert.Equal([name + "-b"], await RolesAsync(provider));
    }

    [Fact] // OpenID Connect Core §2: never reassigned, so never changed
    public async Task Another_subject_than_the_account_has_is_refused()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        await ApplyAsync(provider, Declare("{}"));

        var outcome = await ApplyAsync(provider, Declare("{}") with { Subject = "another" });

        Assert.Equal("sub", Assert.Single(Assert.IsType<DeclaredUserOutcome.Refused>(outcome).Problems).Member);
    }

    [Theory]
    [InlineData("""{"nickname":"\u0000"}""", "nickname")]
    [InlineData("""{"emial":"x@y.example"}""", "emial")]
    [InlineData("""{"email":5}""", "email")]
    [InlineData("""{"email_verified":"true"}""", "email_verified")]
    [InlineData("""{"address":"1 Main Street"}""", "address")]
    [InlineData("""{"address":{"planet":"Earth"}}""", "address.planet")]
    [InlineData("""{"name":["Dora"]}""", "name")]
    [InlineData("""{"updated_at":1}""", "updated_at")]
    public async Task A_wrong_claim_is_refused_by_its_name(string claims, string member)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        var outcome = await ApplyAsync(provider, Declare(claims));

        Assert.Equal(member, Assert.Single(Assert.IsType<DeclaredUserOutcome.Refused>(outcome).Problems).Member);
    }

    private DeclaredUser Declare(string claims) => new(name, Subject: null, Password: null, Roles: null, JsonNode.Parse(claims)!.AsObject());

    private static Task<DeclaredUserOutcome> ApplyAsync(ProviderHost provider, DeclaredUser declared) => provider.InScopeAsync(services =>
        services.GetRequiredService<DeclaredUsers>().ApplyAsync(declared, CancellationToken.None));

    private Task<List<string?>> RolesAsync(ProviderHost provider) => provider.InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<AppDbContext>();
        return await (
            from member in db.UserRoles
            join role in db.Roles on member.RoleId equals role.Id
            join user in db.Users on member.UserId equals user.Id
            where user.UserName == name
            select role.Name).ToListAsync();
    });
}
