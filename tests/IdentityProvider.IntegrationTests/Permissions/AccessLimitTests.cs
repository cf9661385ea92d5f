using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.IntegrationTests.Permissions.Publishing;

namespace IdentityProvider.IntegrationTests.Permissions;

/// <summary>Where access ends: in time, in the size of a token, with the account, and what asking costs.</summary>
public sealed class AccessLimitTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task An_assignment_counts_from_its_beginning_to_its_end(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var (desk, api, robot) = (host.Party("desk"), host.Party("posts-api"), host.Party("robot"));
        var start = host.Clock.GetUtcNow();
        var person = await host.NewPersonAsync(
            $$"""["author", { "role": "editor", "not_before": "{{At(start, 10)}}", "expires_at": "{{At(start, 30)}}" }]""");
        var member = await host.NewPersonAsync("[]");
        await host.ApplyAsync($$"""
            {
              "clients": [{ "client_id": "robot", "roles": [{ "role": "editor", "not_before": "{{At(start, 10)}}", "expires_at": "{{At(start, 30)}}" }] }],
              "groups": [{
                "name": "desk-of-the-day", "roles": ["editor"],
                "users": [{ "username": "{{member.UserName}}", "expires_at": "{{At(start, 30)}}" }],
                "clients": [{ "client_id": "relay", "not_before": "{{At(start, 10)}}" }]
              }]
            }
            """);
        var tokens = await desk.SignInAsync(person, "openid offline_access posts");
        var grouped = await desk.SignInAsync(member, "openid posts");

        Assert.Equal("author /  / posts.create", AccessOf(tokens.AccessToken));
        Assert.Equal("author editor / desk-of-the-day / posts.create posts.delete", AccessOf(grouped.AccessToken));
        Assert.Equal(" /  / ", AccessOf((await robot.ClientCredentialsAsync("posts")).OrFail().AccessToken));
        Assert.Equal(" /  / ", AccessOf((await host.Party("relay").ClientCredentialsAsync("posts")).OrFail().AccessToken));

        host.Clock.Advance(TimeSpan.FromMinutes(12));
        Assert.Equal("author editor /  / posts.create posts.delete", await api.AskAsync(tokens.AccessToken));
        tokens = (await desk.RefreshAsync(tokens.RefreshToken)).OrFail();
        Assert.Equal("author editor /  / posts.create posts.delete", AccessOf(tokens.AccessToken));
        Assert.Equal("author editor /  / posts.create posts.delete", AccessOf((await robot.ClientCredentialsAsync("posts")).OrFail().AccessToken));
        Assert.Equal("author editor / desk-of-the-day / posts.create posts.delete",
            AccessOf((await host.Party("relay").ClientCredentialsAsync("posts")).OrFail().AccessToken));

        host.Clock.Advance(TimeSpan.FromMinutes(20));
        tokens = (await desk.RefreshAsync(tokens.RefreshToken)).OrFail();
        Assert.Equal("author /  / posts.create", AccessOf(tokens.AccessToken));
        Assert.Equal(" /  / ", AccessOf((await robot.ClientCredentialsAsync("posts")).OrFail().AccessToken));
        Assert.Equal(" /  / ", AccessOf((await desk.SignInAsync(member, "openid posts")).AccessToken));
    }

    [Theory, OnEachDatabase]
    public async Task Ten_thousand_permissions_make_no_large_token_and_introspection_tells_them(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var names = string.Join(", ", Enumerable.Range(0, 10_000).Select(number => $"\"records.{number:D5}.read\""));
        await host.ApplyAsync($$"""
            {
              "resources": [{ "identifier": "https://records.example", "clients": ["posts-api"], "permissions": [{{names}}] }],
              "scopes": [{ "name": "records", "resources": ["https://records.example"] }],
              "clients": [{ "client_id": "desk", "scope": "openid records" }],
              "roles": [{ "name": "archivist", "permissions": { "https://records.example": [{{names}}] } }]
            }
            """);
        var person = await host.NewPersonAsync("""["archivist"]""");

        var token = (await host.Party("desk").SignInAsync(person, "openid records")).AccessToken;
        var answer = (await host.Party("posts-api").IntrospectAsync(token)).OrFail().Json;

        Assert.Equal(Silent, AccessOf(token));
        Assert.InRange(token.Length, 1, 2000);
        Assert.Equal("archivist", answer.GetProperty("roles")[0].GetString());
        Assert.Equal(10_000, answer.GetProperty("entitlements").GetArrayLength());
    }

    [Theory]
    [OnEachDatabase("0", Silent)]
    [OnEachDatabase("50", Silent)] // roles, groups, entitlements are 23; ["author"], [], ["posts.create"] are 28.
    [OnEachDatabase("51", "author /  / posts.create")]
    public async Task The_limit_is_for_the_three_together(TestDatabase database, string bytes, string expected)
    {
        await using var host = await StartAsync(database, new Dictionary<string, string?> { ["IdentityProvider:Permissions:LargestClaims"] = bytes });

        var token = (await host.Party("robot").ClientCredentialsAsync("posts")).OrFail().AccessToken;

        Assert.Equal(expected, AccessOf(token));
        Assert.Equal("author /  / posts.create", await host.Party("posts-api").AskAsync(token));
    }

    [Theory, OnEachDatabase] // Whatever ends the tokens of an account, its roles end with it.
    public async Task A_disabled_account_has_nothing_left(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var person = await host.NewPersonAsync("""["editor"]""");
        var token = (await host.Party("desk").SignInAsync(person, "openid posts")).AccessToken;
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AppDbContext>().Users.Where(user => user.Id == person.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, host.Clock.GetUtcNow().UtcDateTime));
        }

        Assert.Equal(" /  / ", await host.Party("posts-api").AskAsync(token));
    }

    [Theory, OnEachDatabase]
    public async Task One_command_reads_somebodys_access_and_none_where_there_is_nothing_to_read(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var (desk, robot) = (host.Party("desk"), host.Party("robot"));
        var person = await host.NewPersonAsync("""["boss"]""");

        Assert.Equal(1, await CostAsync(() => robot.ClientCredentialsAsync("posts")) - await CostAsync(() => robot.ClientCredentialsAsync("plain")));
        Assert.Equal(1, await CostAsync(() => desk.SignInAsync(person, "openid posts")) - await CostAsync(() => desk.SignInAsync(person, "openid plain")));
        Assert.Equal(0, await CostAsync(() => desk.SignInAsync(person, "openid posts bills")) - await CostAsync(() => desk.SignInAsync(person, "openid plain")));
        var posts = (await desk.SignInAsync(person, "openid posts")).AccessToken;
        var plain = (await desk.SignInAsync(person, "openid plain")).AccessToken;
        Assert.Equal(2, await CostAsync(() => host.Party("posts-api").IntrospectAsync(posts)));
        Assert.Equal(1, await CostAsync(() => host.Party("plain-api").IntrospectAsync(plain)));
        Assert.Equal(1, await CostAsync(() => desk.IntrospectAsync(posts)));
    }

    // The caches are warm from the second time on, unless the watch over other nodes' changes empties them in between.
    private static async Task<int> CostAsync(Func<Task<ProtocolResponse>> send)
    {
        var answers = new[] { (await send()).OrFail(), (await send()).OrFail(), (await send()).OrFail(), (await send()).OrFail() }[1..];
        return answers.Select(answer => answer.Sql.Count).Order().ElementAt(1);
    }

    private static string At(DateTimeOffset start, int minutes) => start.AddMinutes(minutes).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
