using System.Net;
using System.Text.Json;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>The model read over HTTP: APIs with their permissions and policies, roles and groups with what they grant and who has them.</summary>
public sealed class ModelReadingTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    private const string Api = "https://model.example/a%20b";

    private const string Model = """
        {
          "resources": [
            {
              "identifier": "https://model.example/a%20b", "name": "Model", "clients": ["robot"],
              "permissions": ["m.c", { "name": "m.a", "description": "The first" }, "m.b"],
              "policies": [
                {
                  "name": "z-night", "effect": "forbid", "condition": "now.getHours() < 6",
                  "tests": [{ "name": "night", "now": "2030-01-01T03:00:00Z", "expect": true }, { "name": "day", "now": "2030-01-01T12:00:00Z", "expect": false }]
                },
                {
                  "name": "own", "description": "Their own", "effect": "permit", "actions": ["m.a"], "resource_types": ["m"],
                  "condition": "resource.properties.owner == subject.id",
                  "tests": [
                    { "name": "theirs", "subject": { "id": "ada" }, "resource": { "properties": { "owner": "ada" } }, "expect": true },
                    { "name": "another's", "subject": { "id": "ada" }, "resource": { "properties": { "owner": "bob" } }, "expect": false }
                  ]
                }
              ]
            }
          ],
          "scopes": [{ "name": "model", "resources": ["https://model.example/a%20b"] }],
          "clients": [{ "client_id": "robot", "roles": ["client-manager", { "role": "model-reader", "expires_at": "2090-01-01T00:00:00Z" }] }],
          "roles": [
            { "name": "model-reader", "permissions": { "https://model.example/a%20b": ["m.a"] } },
            { "name": "model-chief", "inherits": ["model-reader"], "permissions": { "https://model.example/a%20b": ["m.b"] } }
          ],
          "users": [
            { "username": "model-a", "roles": ["model-reader"] }, { "username": "model-b", "roles": [{ "role": "model-reader", "not_before": "2080-01-01T00:00:00Z" }] },
            { "username": "model-c" }
          ],
          "groups": [{ "name": "model-team", "description": "All of it", "roles": ["model-reader"], "users": ["model-c"], "clients": ["robot"] }]
        }
        """;

    private static string Path => "/resources/" + Uri.EscapeDataString(Api);

    [Theory, OnEachDatabase]
    public async Task What_is_not_there_is_not_found_and_what_cannot_be_read_changes_nothing(TestDatabase database)
    {
        var (_, auditor) = await NewAsync(database);

        foreach (var path in new[]
        {
            "/resources/nobody", "/resources/nobody/permissions", "/resources/nobody/policies", "/roles/nobody", "/roles/nobody/users", "/roles/nobody/clients",
            "/groups/nobody", "/groups/nobody/users", "/groups/nobody/clients", "/groups/model-reader/users", "/roles/model-team/users",
        })
        {
            Assert.Equal((HttpStatusCode.NotFound, path), ((await auditor.AskAsync("GET", path)).Status, path));
        }

        foreach (var query in new[] { "?limit=0", "?limit=-1", "?limit=many", "?after=%00", "?after=%ED%A0%80", "?after=a&after=b", "?limit=99999999999" })
        {
            foreach (var path in new[] { "/resources", Path + "/permissions", Path + "/policies", "/roles/model-reader/users", "/roles/model-reader/clients", "/groups/model-team/users" })
            {
                Assert.Equal((HttpStatusCode.OK, path + query), ((await auditor.AskAsync("GET", path + query)).Status, path + query));
            }
        }

        foreach (var method in new[] { "PUT", "POST", "DELETE" })
        {
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await auditor.AskAsync(method, Path + "/policies", "{}")).Status);
        }
    }

    [Theory, OnEachDatabase]
    public async Task Policies_are_for_who_may_see_them(TestDatabase database)
    {
        var (host, _) = await NewAsync(database);

        foreach (var role in new[] { "client-manager", "user-manager", "help-desk", "access-manager", "key-custodian" })
        {
            var refused = await (await host.NewAdministratorAsync($"""["{role}"]""")).AskAsync("GET", Path + "/policies");
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            Assert.Contains("policies.read", refused["missing_permissions"], StringComparison.Ordinal);
        }
    }

    [Theory, OnEachDatabase]
    public async Task An_API_is_read_with_its_permissions_and_who_grants_them(TestDatabase database)
    {
        var (_, auditor) = await NewAsync(database);

        var listed = (await auditor.AskAsync("GET", "/resources?limit=200")).OrFail();
        var api = (await auditor.AskAsync("GET", Path)).OrFail().Json;
        var first = (await auditor.AskAsync("GET", Path + "/permissions?limit=2")).OrFail();
        var rest = (await auditor.AskAsync("GET", Path + $"/permissions?limit=2&after={first["next"]}")).OrFail();

        Assert.Contains(Api, Names(listed.Json, "resources", "identifier"));
        Assert.Equal("Model", api.GetProperty("name").GetString());
        Assert.Equal("robot", api.GetProperty("clients")[0].GetString());
        Assert.Equal("model", api.GetProperty("scopes")[0].GetString());
        Assert.Equal(["m.a", "m.b"], Names(first.Json, "permissions", "name"));
        Assert.Equal(["m.c"], Names(rest.Json, "permissions", "name"));
        Assert.Null(rest.Find("next"));
        var permission = first.Json.GetProperty("permissions")[0];
        Assert.Equal(("The first", "model-reader"), (permission.GetProperty("description").GetString(), Assert.Single(permission.GetProperty("roles").EnumerateArray()).GetString()));
    }

    [Theory, OnEachDatabase]
    public async Task The_administration_is_read_like_any_other_API(TestDatabase database)
    {
        var (_, auditor) = await NewAsync(database);
        var path = "/resources/" + Administered.Identifier;

        var api = (await auditor.AskAsync("GET", path)).OrFail().Json;
        var permissions = (await auditor.AskAsync("GET", path + "/permissions?limit=200")).OrFail().Json.GetProperty("permissions").EnumerateArray().ToList();
        var policies = (await auditor.AskAsync("GET", path + "/policies")).OrFail().Json;

        Assert.Equal("administration", Assert.Single(api.GetProperty("scopes").EnumerateArray()).GetString());
        var reading = Assert.Single(permissions, item => item.GetProperty("name").GetString() == "policies.read");
        Assert.Equal(["administrator", "auditor"], reading.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Empty(policies.GetProperty("policies").EnumerateArray());
    }

    [Theory, OnEachDatabase]
    public async Task Policies_are_read_as_they_were_declared(TestDatabase database)
    {
        var (host, auditor) = await NewAsync(database);

        var first = (await auditor.AskAsync("GET", Path + "/policies?limit=1")).OrFail();
        var rest = (await auditor.AskAsync("GET", Path + $"/policies?limit=1&after={first["next"]}")).OrFail();

        var own = first.Json.GetProperty("policies")[0];
        Assert.Equal(
            ["own", "Their own", "permit", "resource.properties.owner == subject.id"],
            new[] { "name", "description", "effect", "condition" }.Select(member => own.GetProperty(member).GetString()));
        Assert.Equal(("m.a", "m", 2), (own.GetProperty("actions")[0].GetString(), own.GetProperty("resource_types")[0].GetString(), own.GetProperty("tests").GetArrayLength()));
        Assert.Equal("another's", own.GetProperty("tests")[1].GetProperty("name").GetString());
        Assert.Equal(["z-night"], Names(rest.Json, "policies", "name"));
        Assert.Null(rest.Find("next"));

        // What was read can be declared.
        var all = (await auditor.AskAsync("GET", Path + "/policies")).OrFail().Json.GetProperty("policies").GetRawText();
        await host.ApplyAsync($$"""{ "resources": [{ "identifier": "{{Api}}", "policies": {{all}} }] }""");
    }

    [Theory, OnEachDatabase]
    public async Task A_role_and_a_group_are_read_with_what_brings_them_and_who_has_them(TestDatabase database)
    {
        var (_, auditor) = await NewAsync(database);

        var chief = (await auditor.AskAsync("GET", "/roles/MODEL-chief")).OrFail().Json;
        var reader = (await auditor.AskAsync("GET", "/roles/model-reader")).OrFail().Json;
        var first = (await auditor.AskAsync("GET", "/roles/model-reader/users?limit=1")).OrFail();
        var rest = (await auditor.AskAsync("GET", $"/roles/model-reader/users?limit=1&after={first["next"]}")).OrFail();
        var machines = (await auditor.AskAsync("GET", "/roles/model-reader/clients")).OrFail().Json;
        var team = (await auditor.AskAsync("GET", "/groups/model-team")).OrFail().Json;

        Assert.Equal(["m.b"], Texts(chief.GetProperty("grants").GetProperty(Api)));
        Assert.Equal(["m.a", "m.b"], Texts(chief.GetProperty("permissions").GetProperty(Api)));
        Assert.Equal(["model-reader"], Texts(chief.GetProperty("inherits")));
        Assert.Equal(["model-chief"], Texts(reader.GetProperty("inherited_by")));
        Assert.Equal(["model-team"], Texts(reader.GetProperty("groups")));
        Assert.Equal(["model-a"], Names(first.Json, "users", "username"));
        Assert.Equal(["model-b"], Names(rest.Json, "users", "username"));
        Assert.Equal("2080-01-01T00:00:00Z", rest.Json.GetProperty("users")[0].GetProperty("not_before").GetString());
        Assert.Equal(("robot", "2090-01-01T00:00:00Z"), (machines.GetProperty("clients")[0].GetProperty("client_id").GetString(), machines.GetProperty("clients")[0].GetProperty("expires_at").GetString()));
        Assert.Equal(("All of it", "model-reader"), (team.GetProperty("description").GetString(), team.GetProperty("roles")[0].GetString()));
        Assert.Equal(["model-c"], Names((await auditor.AskAsync("GET", "/groups/model-team/users")).OrFail().Json, "users", "username"));
        Assert.Equal(["robot"], Names((await auditor.AskAsync("GET", "/groups/model-team/clients")).OrFail().Json, "clients", "client_id"));
    }

    [Theory, OnEachDatabase]
    public async Task A_list_goes_on_behind_any_name(TestDatabase database)
    {
        var (host, auditor) = await NewAsync(database);
        await host.ApplyAsync("""{ "groups": [{ "name": "\ud83d\ude80-1" }, { "name": "\ud83d\ude80-2" }] }""");

        var names = new List<string?>();
        for (var path = "/groups?limit=1"; names.Count < 100;)
        {
            var page = (await auditor.AskAsync("GET", path)).OrFail();
            names.AddRange(Names(page.Json, "groups", "name"));
            if (page.Find("next") is not { } next)
            {
                break;
            }

            path = "/groups?limit=1&after=" + Uri.EscapeDataString(next);
        }

        Assert.Equal(names.Distinct(), names);
        Assert.Equal(["\ud83d\ude80-1", "\ud83d\ude80-2"], names.Where(name => name!.StartsWith('\ud83d')));
    }

    [Theory, OnEachDatabase]
    public async Task A_role_of_this_server_that_nobody_has_yet_is_there(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync(Administered.Declaration.Replace("\"roles\": [\"key-custodian\"]", "\"roles\": []", StringComparison.Ordinal));
        var auditor = await host.NewAdministratorAsync("""["auditor"]""");

        var role = (await auditor.AskAsync("GET", "/roles/key-custodian")).OrFail().Json;
        var people = (await auditor.AskAsync("GET", "/roles/key-custodian/users")).OrFail().Json;

        Assert.Equal(["keys.read", "keys.rotate"], Texts(role.GetProperty("permissions").GetProperty(Administered.Identifier)));
        Assert.Empty(people.GetProperty("users").EnumerateArray());
    }

    private async Task<(ProviderHost Host, Administrator Auditor)> NewAsync(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync(Model);
        return (host, await host.NewAdministratorAsync("""["auditor"]"""));
    }

    private static IEnumerable<string?> Names(JsonElement page, string list, string member) =>
        page.GetProperty(list).EnumerateArray().Select(item => item.GetProperty(member).GetString());

    private static IEnumerable<string?> Texts(JsonElement list) => list.EnumerateArray().Select(item => item.GetString());
}
