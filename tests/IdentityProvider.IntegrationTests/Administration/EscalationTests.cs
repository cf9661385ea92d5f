using System.Net;
using IdentityProvider.IntegrationTests.Declarations;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>Ways in which somebody could come by more than they hold.</summary>
public sealed class EscalationTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    [Theory, OnEachDatabase]
    public async Task Nobody_gives_or_takes_what_they_do_not_hold(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var lead = await host.NewAdministratorAsync("""["support-lead"]""");
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var person = await host.NewPersonAsync("[]");

        // What they hold, also by inheritance, and by a group.
        await GivenAsync(lead, person, "roles/help-desk");
        await GivenAsync(lead, person, "roles/access-manager");
        await GivenAsync(lead, person, "roles/SUPPORT-LEAD");
        await MemberAsync(host, lead, "support");
        await GivenAsync(lead, person, "groups/support");
        foreach (var (who, role) in new[]
        {
            (lead, "roles/user-manager"), (lead, "roles/administrator"), (lead, "roles/author"), (lead, "groups/writers"), (lead, "groups/keepers"),
            (administrator, "roles/auditor"), (administrator, "roles/key-custodian"), (administrator, "roles/editor"), (administrator, "groups/keepers"),
        })
        {
            var refused = await who.AskAsync("PUT", $"/users/{person.Subject}/{role}");
            Assert.True(refused.Status == HttpStatusCode.Forbidden && refused.Body.Contains("missing_permissions", StringComparison.Ordinal), $"{role}: {refused}");
        }

        var auditor = await host.NewPersonAsync("""["author", "auditor"]""");
        Assert.Equal(HttpStatusCode.Forbidden, (await administrator.AskAsync("DELETE", $"/users/{auditor.Subject}/roles/auditor")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await lead.AskAsync("DELETE", $"/users/{auditor.Subject}/roles/author")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await lead.AskAsync("DELETE", $"/users/{person.Subject}/groups/support")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Who_holds_an_APIs_permissions_and_may_grant_passes_them_on_for_a_time(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var lead = await host.NewAdministratorAsync("""["team-lead"]""");
        var person = await host.NewPersonAsync("[]");

        Assert.Equal(HttpStatusCode.Forbidden, (await lead.AskAsync("PUT", $"/users/{person.Subject}/roles/editor")).Status);
        await GivenAsync(lead, person, "roles/author", """{ "not_before": "2020-01-01T00:00:00Z", "expires_at": "2099-01-01T00:00:00Z" }""");
        var wrong = await lead.AskAsync("PUT", $"/users/{person.Subject}/roles/author", """{ "not_before": "2030-01-01T00:00:00Z", "expires_at": "tomorrow" }""");
        var held = (await lead.AskAsync("GET", $"/users/{person.Subject}/roles")).OrFail();

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal("2099-01-01T00:00:00Z", held.Json.GetProperty("roles")[0].GetProperty("expires_at").GetString());
        Assert.Equal("posts.create", held.Json.GetProperty("permissions").GetProperty(Administered.Posts)[0].GetString());
    }

    // Claims and policies go by names: a role without permissions may be worth more than all others.
    [Theory, OnEachDatabase]
    public async Task Nobody_gives_or_takes_a_role_or_group_that_they_do_not_have_whatever_it_grants(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync("""
            {
              "roles": [
                { "name": "root-by-name" }, { "name": "junior-author", "permissions": { "https://posts.example": ["posts.create"] } },
                { "name": "named-lead", "inherits": ["root-by-name", "access-manager"] }
              ],
              "groups": [{ "name": "wheel" }]
            }
            """);
        var lead = await host.NewAdministratorAsync("""["team-lead"]""");
        var named = await host.NewAdministratorAsync("""["named-lead"]""");
        var person = await host.NewPersonAsync("[]");

        foreach (var what in new[] { "roles/root-by-name", "roles/junior-author", "groups/wheel" })
        {
            foreach (var method in new[] { "PUT", "DELETE" })
            {
                var refused = await lead.AskAsync(method, $"/users/{person.Subject}/{what}");
                Assert.True(refused.Status == HttpStatusCode.Forbidden && refused["detail"].Contains("you do not have", StringComparison.Ordinal), $"{method} {what}: {refused}");
            }
        }

        await GivenAsync(named, person, "roles/root-by-name");
        Assert.Equal(HttpStatusCode.Forbidden, (await named.AskAsync("PUT", $"/users/{person.Subject}/groups/wheel")).Status);
        await MemberAsync(host, named, "wheel");
        await GivenAsync(named, person, "groups/wheel");
    }

    [Theory, OnEachDatabase]
    public async Task What_somebody_has_for_a_time_they_give_for_no_longer(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var lead = await host.NewAdministratorAsync("""["access-manager", { "role": "author", "expires_at": "2090-01-01T00:00:00Z" }, { "role": "help-desk", "expires_at": "2091-01-01T00:00:00Z" }]""");
        var person = await host.NewPersonAsync("[]");

        foreach (var role in new[] { "author", "help-desk" })
        {
            foreach (var body in new[] { null, """{ "expires_at": "2091-01-01T00:00:01Z" }""" })
            {
                var refused = await lead.AskAsync("PUT", $"/users/{person.Subject}/roles/{role}", body);
                Assert.True(refused.Status == HttpStatusCode.Forbidden && refused["detail"].Contains("ends no later", StringComparison.Ordinal), $"{role}: {refused}");
            }

            await GivenAsync(lead, person, "roles/" + role, """{ "expires_at": "2090-01-01T00:00:00Z" }""");
        }

        Assert.Equal(HttpStatusCode.NoContent, (await lead.AskAsync("DELETE", $"/users/{person.Subject}/roles/author")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task What_nobody_ever_had_is_given_for_no_longer_either(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync(Administered.Declaration);
        var administrator = await host.NewAdministratorAsync("""[{ "role": "administrator", "expires_at": "2090-01-01T00:00:00Z" }]""");
        var person = await host.NewPersonAsync();

        var refused = await administrator.AskAsync("PUT", $"/users/{person.Subject}/roles/user-manager");

        Assert.True(refused.Status == HttpStatusCode.Forbidden && refused["detail"].Contains("ends no later", StringComparison.Ordinal), refused.ToString());
        await GivenAsync(administrator, person, "roles/user-manager", """{ "expires_at": "2090-01-01T00:00:00Z" }""");
    }

    [Theory, OnEachDatabase]
    public async Task Nobody_becomes_a_client_that_answers_for_an_API_or_acts_for_others(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        await host.ApplyAsync("""
            {
              "clients": [
                { "client_id": "wiki-api", "client_secret": "wiki-api-secret-00000000000000000000000000000", "grant_types": ["client_credentials"] },
                {
                  "client_id": "impersonator", "client_secret": "impersonator-secret-0000000000000000000000000",
                  "grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"], "token_exchange": { "impersonation": true }
                }
              ],
              "resources": [{ "identifier": "https://wiki.example", "clients": ["wiki-api"] }]
            }
            """);

        foreach (var client in new[] { "wiki-api", "impersonator" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await administrator.AskAsync("PUT", $"/clients/{client}", """{ "grant_types": [] }""")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await administrator.AskAsync("POST", $"/clients/{client}/secret")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await administrator.AskAsync("DELETE", $"/clients/{client}")).Status);
        }

        foreach (var exchange in new[] { """{ "impersonation": true }""", """{ "subject_token_clients": ["console"] }""" })
        {
            var made = await administrator.AskAsync("PUT", "/clients/new-impersonator",
                $$"""{ "grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"], "token_exchange": {{exchange}} }""");
            Assert.True(made.Status == HttpStatusCode.Forbidden, $"{exchange}: {made}");
        }

        Assert.Equal(HttpStatusCode.NotFound, (await administrator.AskAsync("GET", "/clients/new-impersonator")).Status);
    }

    // The same of a client that somebody registered, and that a file makes one of the administration's.
    [Theory, OnEachDatabase]
    public async Task A_client_that_comes_to_carry_the_administration_is_what_the_file_says_and_nothing_else(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["client-manager"]""");
        var name = "taken-" + Wire.RandomText(8).ToLowerInvariant();
        var made = await manager.AskAsync("PUT", $"/clients/{name}", """
            {
              "redirect_uris": ["https://evil.example/callback"], "post_logout_redirect_uris": ["https://evil.example/"], "scope": "openid",
              "backchannel_logout_uri": "https://evil.example/logout", "grant_types": ["authorization_code", "client_credentials"]
            }
            """);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        string Entry(string more) => $$"""{ "clients": [{ "client_id": "{{name}}", "scope": "openid administration"{{more}} }] }""";

        // Neither its addresses nor its secret are taken over.
        var addresses = await host.MustRefuseAsync(Entry(""", "client_secret": "taken-over-secret-00000000000000000000000000000" """));
        var secret = await host.MustRefuseAsync(Entry(""", "redirect_uris": ["https://good.example/callback"] """));
        Assert.StartsWith($"clients[0].redirect_uris ({name})", Assert.Single(addresses), StringComparison.Ordinal);
        Assert.StartsWith($"clients[0].client_secret ({name})", Assert.Single(secret), StringComparison.Ordinal);

        var file = Entry(""", "redirect_uris": ["https://good.example/callback"], "client_secret": "taken-over-secret-00000000000000000000000000000" """);
        Assert.Equal(1, (await host.MustDeclareAsync(file)).Changed);
        Assert.Equal(0, (await host.MustDeclareAsync(file)).Changed);
        Assert.DoesNotContain("evil", (await host.FindClientAsync(name))!.Metadata, StringComparison.Ordinal);
        Assert.Equal("invalid_client", (await host.Party(name).With(made["client_secret"]).ClientCredentialsAsync("administration")).Error);

        // From then on it is the operator's, who names what is to change.
        await host.MustDeclareAsync(Entry(""", "client_name": "Taken" """));
        Assert.Contains("good.example", (await host.FindClientAsync(name))!.Metadata, StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task Nobody_changes_their_own_roles_or_account(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var own = administrator.Person.Subject;

        foreach (var (method, path) in new[]
        {
            ("PUT", $"/users/{own}/roles/help-desk"), ("DELETE", $"/users/{own}/roles/administrator"), ("PUT", $"/users/{own}/groups/support"),
            ("POST", $"/users/{own}/disable"), ("POST", $"/users/{own}/enable"), ("POST", $"/users/{own}/password-reset"),
        })
        {
            var refused = await administrator.AskAsync(method, path);
            Assert.True(refused.Status == HttpStatusCode.Forbidden && refused["detail"].Contains("own", StringComparison.Ordinal), $"{method} {path}: {refused}");
        }

        await host.ApplyAsync("""{ "clients": [{ "client_id": "robot", "roles": ["client-manager", "access-manager"] }] }""");
        var robot = await host.TokenAsync("robot");
        Assert.Equal(HttpStatusCode.Forbidden, (await host.AskAsync(robot, "DELETE", "/clients/robot/roles/client-manager")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await host.AskAsync(robot, "PUT", "/clients/idle-robot/roles/client-manager")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await host.AskAsync(robot, "DELETE", "/clients/idle-robot/roles/client-manager")).Status);
        await host.ApplyAsync("""{ "clients": [{ "client_id": "robot", "roles": ["client-manager"] }] }""");
    }

    [Theory, OnEachDatabase]
    public async Task Nobody_acts_on_who_holds_more_than_they_do_be_it_later_or_while_disabled(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var helper = await host.NewAdministratorAsync("""["help-desk"]""");
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var auditor = await host.NewAdministratorAsync("""["auditor"]""");
        var later = await host.NewPersonAsync("""[{ "role": "administrator", "not_before": "2098-01-01T00:00:00Z" }]""");
        var member = await host.NewPersonAsync("[]");
        await host.ApplyAsync($$"""{ "groups": [{ "name": "keepers", "users": ["{{member.UserName}}"] }] }""");
        var sid = (await administrator.AskAsync("GET", $"/users/{auditor.Person.Subject}/sessions")).OrFail().Json.GetProperty("sessions")[0].GetProperty("sid").GetString();

        foreach (var (who, path) in new[]
        {
            (helper, $"/users/{administrator.Person.Subject}/password-reset"), (helper, $"/users/{manager.Person.Subject}/password-reset"),
            (helper, $"/users/{later.Subject}/password-reset"), (administrator, $"/users/{auditor.Person.Subject}/password-reset"),
            (administrator, $"/users/{auditor.Person.Subject}/disable"), (administrator, $"/users/{member.Subject}/password-reset"),
            (manager, $"/users/{administrator.Person.Subject}/disable"),
        })
        {
            var refused = await who.AskAsync("POST", path);
            Assert.True(refused.Status == HttpStatusCode.Forbidden && refused.Body.Contains("missing_permissions", StringComparison.Ordinal), $"{path}: {refused}");
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await administrator.AskAsync("DELETE", $"/sessions/{sid}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await manager.AskAsync("POST", $"/users/{helper.Person.Subject}/password-reset")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Nobody_becomes_a_client_that_holds_more_than_they_do(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["client-manager"]""");
        await host.ApplyAsync("""
            { "clients": [{ "client_id": "author-robot", "client_secret": "author-robot-secret-0000000000000000000000000", "grant_types": ["client_credentials"], "scope": "posts", "roles": ["author"] }] }
            """);
        const string Takeover = """{ "redirect_uris": ["https://evil.example/callback"], "scope": "openid" }""";

        foreach (var client in new[] { "console", "robot", "idle-robot", "author-robot" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await manager.AskAsync("PUT", $"/clients/{client}", Takeover)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await manager.AskAsync("POST", $"/clients/{client}/secret")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await manager.AskAsync("DELETE", $"/clients/{client}")).Status);
        }

        // Nor does one register an app of one's own that collects administrators.
        var own = await manager.AskAsync("PUT", "/clients/trap", """{ "redirect_uris": ["https://evil.example/callback"], "scope": "openid administration", "first_party": true }""");
        Assert.Equal(HttpStatusCode.Forbidden, own.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await manager.AskAsync("GET", "/clients/trap")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Of_two_who_take_each_others_role_at_once_one_keeps_it(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var (one, other) = (await host.NewAdministratorAsync("""["administrator"]"""), await host.NewAdministratorAsync("""["administrator"]"""));

        var answers = await Task.WhenAll(
            one.AskAsync("DELETE", $"/users/{other.Person.Subject}/roles/administrator"),
            other.AskAsync("DELETE", $"/users/{one.Person.Subject}/roles/administrator"));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Forbidden);
    }

    private static Task MemberAsync(ProviderHost host, Administrator who, string group) =>
        host.ApplyAsync($$"""{ "groups": [{ "name": "{{group}}", "users": ["{{who.Person.UserName}}"] }] }""");

    private static async Task GivenAsync(Administrator who, TestPerson person, string what, string? body = null)
    {
        var answer = await who.AskAsync("PUT", $"/users/{person.Subject}/{what}", body);
        Assert.True(answer.Status == HttpStatusCode.NoContent, $"{what}: {answer}");
    }
}
