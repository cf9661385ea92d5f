using IdentityProvider.IntegrationTests.Declarations;
using Microsoft.EntityFrameworkCore;
using static IdentityProvider.IntegrationTests.Permissions.Publishing;

namespace IdentityProvider.IntegrationTests.Permissions;

/// <summary>What access tokens say of roles, groups and permissions (RFC 9068 §2.2.3.1).</summary>
public sealed class AccessTokenTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task A_token_for_one_API_says_nothing_of_another_ones_permissions(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var desk = host.Party("desk");
        var boss = await host.NewPersonAsync("""["boss"]""");

        var posts = (await desk.SignInAsync(boss, "openid posts")).AccessToken;
        var bills = (await desk.SignInAsync(boss, "openid bills")).AccessToken;

        Assert.Equal("author boss editor /  / posts.create posts.delete", AccessOf(posts));
        Assert.Equal("boss clerk /  / bills.read", AccessOf(bills));
    }

    [Theory, OnEachDatabase] // Each would read what is the other's business, and would not know which is whose.
    public async Task A_token_for_two_APIs_says_nothing_and_introspection_tells_each_its_own(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var boss = await host.NewPersonAsync("""["boss"]""");

        var token = (await host.Party("desk").SignInAsync(boss, "openid posts bills")).AccessToken;

        Assert.Equal(Silent, AccessOf(token));
        Assert.Equal("author boss editor /  / posts.create posts.delete", await host.Party("posts-api").AskAsync(token));
        Assert.Equal("boss clerk /  / bills.read", await host.Party("bills-api").AskAsync(token));
        // The client that holds it is no API.
        Assert.Equal(Silent, await host.Party("desk").AskAsync(token));
    }

    // The resource without permissions may be the one that asks: it once heard what is the other's business.
    [Theory, OnEachDatabase]
    public async Task A_client_that_serves_two_of_a_tokens_APIs_hears_nothing_though_only_one_owns_permissions(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var boss = await host.NewPersonAsync("""["boss"]""");

        var token = (await host.Party("desk").SignInAsync(boss, "openid bills plain")).AccessToken;

        Assert.Equal(Silent, await host.Party("bills-api").AskAsync(token));
    }

    [Theory, OnEachDatabase] // RFC 8707 §2.2: one of two resources is one resource
    public async Task A_token_that_was_narrowed_to_one_API_says_what_that_owns(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var desk = host.Party("desk");
        var boss = await host.NewPersonAsync("""["boss"]""");
        var tokens = await desk.SignInAsync(boss, "openid offline_access posts bills");

        var narrowed = (await desk.RefreshAsync(tokens.RefreshToken, "openid bills")).OrFail();

        Assert.Equal("boss clerk /  / bills.read", AccessOf(narrowed.AccessToken));
    }

    [Theory, OnEachDatabase]
    public async Task Nothing_granted_is_three_empty_lists_and_not_silence(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var idle = await host.NewPersonAsync("""["idle", "clerk"]""");

        var token = (await host.Party("desk").SignInAsync(idle, "openid posts")).AccessToken;

        Assert.Equal(" /  / ", AccessOf(token));
        Assert.Equal(" /  / ", await host.Party("posts-api").AskAsync(token));
    }

    [Theory, OnEachDatabase]
    public async Task An_API_without_permissions_and_the_issuer_hear_nothing(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var desk = host.Party("desk");
        var boss = await host.NewPersonAsync("""["boss"]""");

        var plain = (await desk.SignInAsync(boss, "openid plain")).AccessToken;

        Assert.Equal(Silent, AccessOf(plain));
        Assert.Equal(Silent, await host.Party("plain-api").AskAsync(plain));
        Assert.Equal(Silent, AccessOf((await desk.SignInAsync(boss, "openid")).AccessToken));
    }

    [Theory, OnEachDatabase] // They are for the API: the client is told neither in the id_token nor at userinfo.
    public async Task The_id_token_and_userinfo_say_nothing_of_it(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var desk = host.Party("desk");
        var tokens = await desk.SignInAsync(await host.NewPersonAsync("""["editor"]"""), "openid profile posts");

        Assert.Equal(Silent, AccessOf(tokens.IdToken));
        Assert.Equal(Silent, AccessOf((await desk.UserInfoAsync(tokens.AccessToken)).OrFail().Json));
    }

    [Theory, OnEachDatabase]
    public async Task A_change_is_in_the_next_token_and_at_introspection_at_once(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var (desk, api) = (host.Party("desk"), host.Party("posts-api"));
        var person = await host.NewPersonAsync("""["author"]""");
        var first = await desk.SignInAsync(person, "openid offline_access posts");

        await host.AssignAsync(person, """["editor"]""");
        var more = (await desk.RefreshAsync(first.RefreshToken)).OrFail();
        var live = await api.AskAsync(first.AccessToken);
        await host.AssignAsync(person, "[]");
        var none = (await desk.RefreshAsync(more.RefreshToken)).OrFail();

        Assert.Equal("author /  / posts.create", AccessOf(first.AccessToken));
        Assert.Equal("author editor /  / posts.create posts.delete", AccessOf(more.AccessToken));
        Assert.Equal("author editor /  / posts.create posts.delete", live);
        Assert.Equal(" /  / ", AccessOf(none.AccessToken));
        Assert.Equal(" /  / ", await api.AskAsync(more.AccessToken));
    }

    [Theory, OnEachDatabase] // RFC 9701
    public async Task A_signed_answer_says_the_same(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var api = host.Party("posts-api");
        var token = (await host.Party("desk").SignInAsync(await host.NewPersonAsync("""["author"]"""), "openid posts bills")).AccessToken;
        var request = new HttpRequestMessage(HttpMethod.Post, "connect/introspect") { Content = new FormUrlEncodedContent([new("token", token)]) };
        request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic("posts-api", api.Secret!));
        request.Headers.Accept.ParseAdd("application/token-introspection+jwt");

        var signed = (await api.SendAsync(request)).OrFail();

        Assert.Equal("author /  / posts.create", AccessOf(Wire.ClaimsOf(signed.Body).GetProperty("token_introspection")));
    }

    [Theory, OnEachDatabase]
    public async Task A_group_brings_its_roles_to_people_and_clients(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var person = await host.NewPersonAsync("""["author"]""");
        var group = "newsroom-" + person.UserName;
        await host.ApplyAsync($$"""
            {
              "groups": [
                { "name": "{{group}}", "roles": ["editor"], "users": ["{{person.UserName}}"], "clients": ["relay"] },
                { "name": "idlers-{{person.UserName}}", "roles": ["idle", "clerk"], "users": ["{{person.UserName}}"], "clients": ["relay"] }
              ]
            }
            """);

        var token = (await host.Party("desk").SignInAsync(person, "openid posts")).AccessToken;
        var machine = (await host.Party("relay").ClientCredentialsAsync("posts")).OrFail().AccessToken;
        await host.ApplyAsync($$"""{ "groups": [{ "name": "{{group}}", "users": null, "clients": [] }] }""");

        Assert.Equal($"author editor / {group} / posts.create posts.delete", AccessOf(token));
        Assert.Equal($"author editor / {group} / posts.create posts.delete", AccessOf(machine));
        Assert.Equal("author /  / posts.create", await host.Party("posts-api").AskAsync(token));
        Assert.Equal(" /  / ", await host.Party("posts-api").AskAsync(machine));
    }

    [Theory, OnEachDatabase]
    public async Task A_machine_has_roles_as_a_person_has(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var robot = host.Party("robot");

        var posts = (await robot.ClientCredentialsAsync("posts")).OrFail().AccessToken;
        var bills = (await robot.ClientCredentialsAsync("bills")).OrFail().AccessToken;
        var both = (await robot.ClientCredentialsAsync("posts bills")).OrFail().AccessToken;
        var plain = (await robot.ClientCredentialsAsync("plain")).OrFail().AccessToken;

        Assert.Equal("author /  / posts.create", AccessOf(posts));
        Assert.Equal(" /  / ", AccessOf(bills));
        Assert.Equal(Silent, AccessOf(both));
        Assert.Equal(Silent, AccessOf(plain));
        Assert.Equal("author /  / posts.create", await host.Party("posts-api").AskAsync(both));
    }

    [Theory, OnEachDatabase] // The subject of a machine's token and of a person's are told apart by more than their text.
    public async Task Somebody_whose_subject_is_a_clients_identifier_does_not_get_its_roles(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        await host.ApplyAsync("""{ "users": [{ "username": "impostor", "password": "impostor-test-password", "roles": ["clerk"] }] }""");
        // Nothing accepts such a subject today; a database may hold one of before.
        await host.ReadAsync(db => db.Users.Where(user => user.UserName == "impostor").ExecuteUpdateAsync(set => set.SetProperty(user => user.Subject, "robot")));

        var token = (await host.Party("desk").SignInAsync("impostor", "impostor-test-password", "openid posts")).AccessToken;

        Assert.Equal("robot", Wire.ClaimsOf(token).GetProperty("sub").GetString());
        Assert.Equal(" /  / ", AccessOf(token));
        Assert.Equal(" /  / ", await host.Party("posts-api").AskAsync(token));
        Assert.Equal(" /  / ", AccessOf((await host.Party("robot").ClientCredentialsAsync("bills")).OrFail().AccessToken));
    }

    [Theory, OnEachDatabase] // RFC 8693: the subject's permissions and not the actor's, read anew
    public async Task An_exchanged_token_has_what_its_subject_may_do_now(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var relay = host.Party("relay");
        var person = await host.NewPersonAsync("""["author"]""");
        var token = (await host.Party("desk").SignInAsync(person, "openid posts bills")).AccessToken;
        await host.AssignAsync(person, """["clerk"]""");

        var exchanged = (await relay.TokenAsync(new()
        {
            ["grant_type"] = ExchangeGrant,
            ["subject_token"] = token,
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["actor_token"] = (await relay.ClientCredentialsAsync("posts")).OrFail().AccessToken,
            ["actor_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["resource"] = Bills,
        })).OrFail().AccessToken;

        Assert.Equal("clerk /  / bills.read", AccessOf(exchanged));
        Assert.Equal("clerk /  / bills.read", await host.Party("bills-api").AskAsync(exchanged));
    }

    [Theory, OnEachDatabase] // OpenID Connect Core §8
    public async Task A_person_whom_the_client_knows_by_another_subject_has_the_same_roles(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var person = await host.NewPersonAsync("""["author"]""");

        var token = (await host.Party("private-desk").SignInAsync(person, "openid posts")).AccessToken;

        Assert.NotEqual(person.Subject, Wire.ClaimsOf(token).GetProperty("sub").GetString());
        Assert.Equal("author /  / posts.create", AccessOf(token));
        Assert.Equal("author /  / posts.create", await host.Party("posts-api").AskAsync(token));
    }

    [Theory, OnEachDatabase] // RFC 8628
    public async Task A_device_gets_what_the_person_may_do_when_it_fetches_its_token(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var desk = host.Party("desk");
        var person = await host.NewPersonAsync("""["author"]""");
        using var browser = host.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        var codes = (await desk.PostAsync("connect/device", new() { ["scope"] = "openid posts" })).OrFail();
        var typed = await browser.PressAndFollowAsync(
            await browser.OpenAsync("/device"), "device-continue", new Dictionary<string, string> { ["user_code"] = codes["user_code"] });
        await browser.PressAndFollowAsync(typed, "device-allow");
        await host.AssignAsync(person, """["editor"]""");

        var token = (await desk.TokenAsync(new() { ["grant_type"] = DeviceGrant, ["device_code"] = codes["device_code"] })).OrFail().AccessToken;

        Assert.Equal("author editor /  / posts.create posts.delete", AccessOf(token));
    }

    [Theory, OnEachDatabase] // OpenID Connect Core §3.2
    public async Task A_token_that_the_authorization_endpoint_gives_says_it_too(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var person = await host.NewPersonAsync("""["author"]""");
        using var browser = host.NewBrowser();
        var request = host.Party("desk").NewRequest("openid posts", parameters =>
        {
            parameters["response_type"] = "id_token token";
            parameters.Remove("code_challenge");
            parameters.Remove("code_challenge_method");
        });

        var page = await browser.AuthorizeAsync(request, person.UserName, person.Password);

        Assert.Equal("author /  / posts.create", AccessOf(page.LocationFragment["access_token"]));
    }
}
