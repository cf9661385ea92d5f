using System.Text.Json;
using IdentityProvider.IntegrationTests.Permissions;
using static IdentityProvider.IntegrationTests.Evaluation.Asking;
using static IdentityProvider.IntegrationTests.Permissions.Publishing;

namespace IdentityProvider.IntegrationTests.Evaluation;

/// <summary>What is decided (AuthZEN §5, §6).</summary>
public sealed class DecisionTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task A_permission_permits_by_role_by_inheritance_and_by_its_short_name(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var api = host.Party("posts-api");
        var (author, editor) = (await host.NewPersonAsync("""["author"]"""), await host.NewPersonAsync("""["editor"]"""));

        Assert.True(await api.MayAsync(author.Subject, "posts.create"));
        Assert.False(await api.MayAsync(author.Subject, "posts.delete"));
        Assert.True(await api.MayAsync(editor.Subject, "posts.delete"));
        Assert.True(await api.MayAsync(editor.Subject, "posts.create"));
        // Together with the type of the resource it is the name of the permission.
        Assert.True(await api.MayAsync(author.Subject, "create", "posts"));
        Assert.False(await api.MayAsync(author.Subject, "delete", "posts"));
        Assert.False(await api.MayAsync(author.Subject, "create", "bills"));
        // Letters count.
        Assert.False(await api.MayAsync(author.Subject, "Posts.create"));
        Assert.False(await api.MayAsync(author.Subject.ToUpperInvariant() + "x", "posts.create"));
    }

    [Theory, OnEachDatabase]
    public async Task Another_APIs_permission_and_what_nobody_has_declared_is_denied(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var boss = await host.NewPersonAsync("""["boss"]""");

        Assert.False(await host.Party("posts-api").MayAsync(boss.Subject, "bills.read"));
        Assert.False(await host.Party("posts-api").MayAsync(boss.Subject, "posts.fly"));
        Assert.False(await host.Party("posts-api").MayAsync(boss.Subject, "posts.create", subjectType: "client"));
        Assert.False(await host.Party("posts-api").MayAsync(boss.Subject, "posts.create", subjectType: "person"));
        // An API without permissions of its own permits nothing.
        Assert.False(await host.Party("plain-api").MayAsync(boss.Subject, "posts.create"));
        Assert.True(await host.Party("posts-api").MayAsync(boss.Subject, "posts.create"));
    }

    [Theory, OnEachDatabase]
    public async Task What_the_caller_says_of_roles_and_permissions_gives_none(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var person = await host.NewPersonAsync("""["idle"]""");

        var answer = await host.Party("posts-api").AskAsync($$"""
            {
              "subject": {
                "type": "user", "id": "{{person.Subject}}", "roles": ["editor"], "permissions": ["posts.create"], "entitlements": ["posts.create"],
                "properties": { "roles": ["editor"], "groups": ["newsroom"], "permissions": ["posts.create"] }
              },
              "action": { "name": "posts.create" }, "resource": { "type": "post", "id": "1", "properties": { "owner": "{{person.Subject}}" } },
              "context": { "subject": { "roles": ["editor"] }, "now": "1985-10-26T01:22:00Z" }, "decision": true
            }
            """);

        Assert.False(Decided(answer.OrFail().Json));
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Theory, OnEachDatabase]
    public async Task A_client_has_what_it_has_itself(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);

        Assert.True(await host.Party("posts-api").MayAsync("robot", "posts.create", subjectType: "client"));
        Assert.False(await host.Party("posts-api").MayAsync("robot", "posts.delete", subjectType: "client"));
        Assert.False(await host.Party("posts-api").MayAsync("nobody", "posts.create", subjectType: "client"));
        Assert.False(await host.Party("posts-api").MayAsync("robot", "posts.create"));
    }

    [Theory, OnEachDatabase]
    public async Task Each_answer_says_why(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var api = host.Party("posts-api");
        var person = await host.NewPersonAsync("[]");
        var group = "why-" + person.UserName;
        await host.ApplyAsync($$"""{ "groups": [{ "name": "{{group}}", "roles": ["editor"], "users": ["{{person.UserName}}"] }] }""");
        async Task<JsonElement> AskAsync(string subject, string action, string type = "user") => (await api.AskAsync(Question(subject, action, subjectType: type))).OrFail().Json;

        var granted = await AskAsync(person.Subject, "posts.delete");
        var inherited = await AskAsync(person.Subject, "posts.create");
        var denied = await AskAsync("robot", "posts.delete", "client");

        Assert.Equal($"The subject has the permission posts.delete by the role editor, in the group {group}.", ReasonOf(granted));
        Assert.Equal($"The subject has the permission posts.create by the role author, which editor inherits, in the group {group}.", ReasonOf(inherited));
        Assert.Equal("The subject has the permission posts.create by the role author.", ReasonOf(await AskAsync("robot", "posts.create", "client")));
        Assert.False(granted.GetProperty("context").TryGetProperty("reason_user", out _));
        Assert.Equal("The subject does not have the permission posts.delete.", ReasonOf(denied));
        Assert.Equal("You may not do this.", denied.GetProperty("context").GetProperty("reason_user").GetProperty("en").GetString());
        Assert.StartsWith("No permission of this API is named posts.fly,", ReasonOf(await AskAsync(person.Subject, "posts.fly")), StringComparison.Ordinal);
        Assert.StartsWith("No permission of this API has the name of this action", ReasonOf(await AskAsync(person.Subject, "<fly>")), StringComparison.Ordinal);
        Assert.StartsWith("A subject must be of the type user or client.", ReasonOf(await AskAsync(person.Subject, "posts.create", "person")), StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task Nobody_finds_out_by_asking_who_exists(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var (idle, disabled) = (await host.NewPersonAsync("[]"), await host.NewPersonAsync("""["author"]"""));
        await host.DisableAsync(disabled);

        var answers = new List<string>();
        foreach (var subject in new[] { idle.Subject, disabled.Subject, "nobody-at-all" })
        {
            answers.Add((await host.Party("posts-api").AskAsync(Question(subject, "posts.create"))).OrFail().Body);
        }

        Assert.False(Decided(JsonDocument.Parse(answers[0]).RootElement));
        Assert.Single(answers.Distinct());
    }

    [Theory, OnEachDatabase] // OpenID Connect Core §8
    public async Task People_are_known_by_what_the_tokens_call_them(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        await host.ApplyAsync("""
            {
              "resources": [{ "identifier": "https://pairwise.example", "clients": ["pairwise-api"], "permissions": ["look"] }],
              "roles": [{ "name": "pairwise-looker", "permissions": { "https://pairwise.example": ["look"] } }],
              "clients": [
                {
                  "client_id": "pairwise-api", "client_secret": "publishing-secret-00000000000000000000000000", "first_party": true, "scope": "openid",
                  "redirect_uris": ["https://other.example/callback"], "subject_type": "pairwise"
                }
              ]
            }
            """);
        var person = await host.NewPersonAsync("""["author", "pairwise-looker"]""");
        var api = new RelyingParty(host, "pairwise-api", host.Party("posts-api").Secret, "https://other.example/callback", AuthenticationBy.Basic);
        string SubjectOf(ProtocolResponse tokens) => Wire.ClaimsOf(tokens.AccessToken).GetProperty("sub").GetString()!;
        var elsewhere = SubjectOf(await host.Party("private-desk").SignInAsync(person, "openid posts"));
        var here = SubjectOf(await api.SignInAsync(person, "openid"));
        Assert.Equal(3, new[] { person.Subject, elsewhere, here }.Distinct().Count());

        // An API of the house is sent tokens of any client's.
        Assert.True(await host.Party("posts-api").MayAsync(person.Subject, "posts.create"));
        Assert.True(await host.Party("posts-api").MayAsync(elsewhere, "posts.create"));
        // One with pairwise subjects was told of nobody otherwise.
        Assert.True(await api.MayAsync(here, "look"));
        Assert.False(await api.MayAsync(elsewhere, "look"));
        Assert.False(await api.MayAsync(person.Subject, "look"));
    }

    [Theory, OnEachDatabase] // It would be decided with the roles of both.
    public async Task A_subject_that_is_also_somebodys_in_a_sector_is_the_persons_own(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var person = await host.NewPersonAsync("""["editor"]""");
        var sectors = Wire.ClaimsOf((await host.Party("private-desk").SignInAsync(person, "openid posts")).AccessToken).GetProperty("sub").GetString()!;
        Assert.True(await host.Party("posts-api").MayAsync(sectors, "posts.delete"));

        await host.ApplyAsync($$"""{ "users": [{ "username": "double", "password": "double-test-password", "sub": "{{sectors}}", "roles": ["author"] }] }""");

        Assert.True(await host.Party("posts-api").MayAsync(sectors, "posts.create"));
        Assert.False(await host.Party("posts-api").MayAsync(sectors, "posts.delete"));
    }

    [Theory, OnEachDatabase]
    public async Task A_change_decides_the_next_question(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var api = host.Party("posts-api");
        var person = await host.NewPersonAsync("[]");
        Assert.False(await api.MayAsync(person.Subject, "posts.create"));

        await host.AssignAsync(person, """["author"]""");
        Assert.True(await api.MayAsync(person.Subject, "posts.create"));

        await host.ApplyAsync($$"""{ "roles": [{ "name": "author", "permissions": { "{{Posts}}": [] } }] }""");
        Assert.False(await api.MayAsync(person.Subject, "posts.create"));

        await host.ApplyAsync($$"""{ "roles": [{ "name": "author", "permissions": { "{{Posts}}": ["posts.create"] } }] }""");
        Assert.True(await api.MayAsync(person.Subject, "posts.create"));

        await host.DisableAsync(person);
        Assert.False(await api.MayAsync(person.Subject, "posts.create"));

        await host.ApplyAsync($$"""{ "resources": [{ "identifier": "{{Posts}}", "clients": [] }] }""");
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await api.AskAsync(Question(person.Subject, "posts.create"))).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_change_at_one_node_decides_at_the_other(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        await using var other = await host.StartSecondNodeAsync();
        var (here, there) = (host.Party("posts-api"), other.Party("posts-api"));
        var person = await host.NewPersonAsync("""["author"]""");
        Assert.True(await there.MayAsync(person.Subject, "posts.create"));

        // Who has a role is never kept.
        await host.AssignAsync(person, "[]");
        Assert.False(await there.MayAsync(person.Subject, "posts.create"));

        // What a role grants is, for about a second.
        await host.AssignAsync(person, """["author"]""");
        await host.ApplyAsync($$"""{ "roles": [{ "name": "author", "permissions": { "{{Posts}}": ["posts.delete"] } }] }""");
        Assert.True(await here.MayAsync(person.Subject, "posts.delete"));
        await Eventually.TrueAsync(() => there.MayAsync(person.Subject, "posts.delete"));
    }

    [Theory, OnEachDatabase]
    public async Task An_assignment_counts_in_its_time(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var api = host.Party("posts-api");
        var person = await host.NewPersonAsync("[]");
        var (begins, ends) = (host.Clock.GetUtcNow().AddHours(1), host.Clock.GetUtcNow().AddHours(2));
        await host.AssignAsync(person, $$"""[{ "role": "author", "not_before": "{{begins:yyyy-MM-ddTHH:mm:ssZ}}", "expires_at": "{{ends:yyyy-MM-ddTHH:mm:ssZ}}" }]""");

        Assert.False(await api.MayAsync(person.Subject, "posts.create"));
        host.Clock.Advance(TimeSpan.FromMinutes(90));
        Assert.True(await api.MayAsync(person.Subject, "posts.create"));
        host.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.False(await api.MayAsync(person.Subject, "posts.create"));
    }
}
