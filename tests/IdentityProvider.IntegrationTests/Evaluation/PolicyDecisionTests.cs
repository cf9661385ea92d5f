using System.Net;
using IdentityProvider.IntegrationTests.Permissions;
using static IdentityProvider.IntegrationTests.Evaluation.Asking;

namespace IdentityProvider.IntegrationTests.Evaluation;

/// <summary>Decisions by the API's policies, over what the caller says of owners and attributes.</summary>
public sealed class PolicyDecisionTests
{
    private const string Owned = "https://owned.example";

    private const string Declaration = $$"""
        {
          "resources": [
            {
              "identifier": "{{Owned}}", "clients": ["owned-api"], "permissions": ["posts.edit", "posts.edit-own", "posts.read"],
              "policies": [
                {
                  "name": "own-posts", "effect": "permit", "actions": ["posts.edit"],
                  "condition": "resource.properties.owner == subject.id && 'posts.edit-own' in subject.permissions",
                  "tests": [
                    { "name": "owner", "subject": { "id": "a" }, "permissions": ["posts.edit-own"], "resource": { "properties": { "owner": "a" } }, "expect": true },
                    { "name": "other", "subject": { "id": "b" }, "permissions": ["posts.edit-own"], "resource": { "properties": { "owner": "a" } }, "expect": false }
                  ]
                },
                {
                  "name": "eu-only", "description": "EU data stays in the EU.", "effect": "forbid", "actions": ["read"], "resource_types": ["posts"],
                  "condition": "context.region != 'EU'",
                  "tests": [
                    { "name": "there", "context": { "region": "US" }, "expect": true },
                    { "name": "here", "context": { "region": "EU" }, "expect": false }
                  ]
                }
              ]
            }
          ],
          "roles": [
            { "name": "owner", "permissions": { "{{Owned}}": ["posts.edit-own"] } },
            { "name": "reader", "permissions": { "{{Owned}}": ["posts.read"] } }
          ],
          "clients": [{ "client_id": "owned-api", "client_secret": "publishing-secret-00000000000000000000000000", "grant_types": [] }]
        }
        """;

    [Theory, OnEachDatabase]
    public async Task People_edit_what_is_theirs_and_what_is_told_wrongly_opens_nothing(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var (api, person, guest) = (host.Party("owned-api"), await host.NewPersonAsync("""["owner"]"""), await host.NewPersonAsync("[]"));
        Task<ProtocolResponse> AskAsync(string subject, string owner, string action = "edit", string subjectMore = "") => api.AskAsync($$"""
            {
              "subject": { "type": "user", "id": "{{subject}}"{{subjectMore}} }, "action": { "name": "{{action}}" },
              "resource": { "type": "posts", "id": "7", "properties": { {{owner}} } }
            }
            """);

        var own = (await AskAsync(person.Subject, $"\"owner\": \"{person.Subject}\"")).OrFail().Json;
        Assert.True(Decided(own));
        Assert.Equal("The policy own-posts permits it.", ReasonOf(own));
        Assert.True(Decided((await AskAsync(person.Subject, $"\"owner\": \"{person.Subject}\"", "posts.edit")).OrFail().Json));

        string[] wrong = [$"\"owner\": \"{guest.Subject}\"", "\"owner\": 7", "\"owner\": null", "\"owner\": []", $"\"owner\": [\"{person.Subject}\"]", "", $"\"Owner\": \"{person.Subject}\""];
        foreach (var owner in wrong)
        {
            Assert.False(Decided((await AskAsync(person.Subject, owner)).OrFail().Json), owner);
        }

        // Without the permission that the policy asks for, which the caller cannot lend; and nobody owns nothing.
        Assert.False(Decided((await AskAsync(guest.Subject, $"\"owner\": \"{guest.Subject}\"", subjectMore: ", \"permissions\": [\"posts.edit-own\"], \"properties\": { \"permissions\": [\"posts.edit-own\"] }")).OrFail().Json));
        Assert.False(Decided((await AskAsync("nobody", "\"owner\": \"nobody\"")).OrFail().Json));
        await host.DisableAsync(person);
        Assert.False(Decided((await AskAsync(person.Subject, $"\"owner\": \"{person.Subject}\"")).OrFail().Json));
    }

    [Theory, OnEachDatabase]
    public async Task A_policy_that_forbids_denies_whatever_permits_also_when_it_cannot_be_evaluated(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var (api, reader) = (host.Party("owned-api"), await host.NewPersonAsync("""["reader"]"""));
        async Task<(bool, string)> AskAsync(string context, string action = "posts.read")
        {
            var answer = (await api.AskAsync($$"""
                { "subject": { "type": "user", "id": "{{reader.Subject}}" }, "action": { "name": "{{action}}" }, "resource": { "type": "posts", "id": "7" }, "context": { {{context}} } }
                """)).OrFail().Json;
            return (Decided(answer), ReasonOf(answer));
        }

        Assert.Equal((true, "The subject has the permission posts.read by the role reader."), await AskAsync("\"region\": \"EU\""));
        Assert.Equal((false, "The policy eu-only forbids it: EU data stays in the EU."), await AskAsync("\"region\": \"US\""));
        Assert.False((await AskAsync("\"region\": \"US\"", "read")).Item1);
        Assert.StartsWith("The policy eu-only forbids it, because it could not be evaluated: ", (await AskAsync("")).Item2, StringComparison.Ordinal);

        // The search says what an evaluation would say.
        string Search(string context) => $$"""{ "subject": { "type": "user", "id": "{{reader.Subject}}" }, "resource": { "type": "posts", "id": "7" }, "context": { {{context}} } }""";
        Assert.Contains("posts.read", (await api.AskAsync(Search("\"region\": \"EU\""), Actions)).OrFail().Body, StringComparison.Ordinal);
        Assert.DoesNotContain("posts.read", (await api.AskAsync(Search("\"region\": \"US\""), Actions)).OrFail().Body, StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task A_policy_that_changes_decides_the_next_question_and_those_at_another_node(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        await using var other = await host.StartSecondNodeAsync();
        var reader = await host.NewPersonAsync("""["reader"]""");
        var (here, there) = (host.Party("owned-api"), other.Party("owned-api"));
        Assert.False(await here.MayAsync(reader.Subject, "read", "posts"));
        Assert.False(await there.MayAsync(reader.Subject, "read", "posts"));

        await host.ApplyAsync($$"""{ "resources": [{ "identifier": "{{Owned}}", "policies": [] }] }""");

        Assert.True(await here.MayAsync(reader.Subject, "read", "posts"));
        await Eventually.TrueAsync(() => there.MayAsync(reader.Subject, "read", "posts"));
    }

    [Theory, OnEachDatabase]
    public async Task A_question_costs_one_command_with_policies_too(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var (api, reader) = (host.Party("owned-api"), await host.NewPersonAsync("""["reader"]"""));
        var answers = new List<ProtocolResponse>();
        for (var time = 0; time < 4; time++)
        {
            answers.Add(await api.AskAsync(Question(reader.Subject, "read", "posts")));
        }

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(1, answers[1..].Select(answer => answer.Sql.Count).Order().ElementAt(1));
    }

    private static async Task<ProviderHost> StartAsync(TestDatabase database)
    {
        Installed.Require(database);
        var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync(Declaration);
        return host;
    }
}
