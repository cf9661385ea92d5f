using IdentityProvider.IntegrationTests.Permissions;
using static IdentityProvider.IntegrationTests.Evaluation.Asking;

namespace IdentityProvider.IntegrationTests.Evaluation;

/// <summary>Several questions in one request (AuthZEN §7).</summary>
public sealed class EvaluationsTests(SharedProviders providers)
{
    [Theory]
    [OnEachDatabase("", "TFT")]
    [OnEachDatabase("\"another_option\": 7", "TFT")]
    [OnEachDatabase("\"evaluations_semantic\": \"execute_all\"", "TFT")]
    [OnEachDatabase("\"evaluations_semantic\": \"deny_on_first_deny\"", "TF")]
    [OnEachDatabase("\"evaluations_semantic\": \"permit_on_first_permit\"", "T")]
    public async Task Answers_come_in_order_and_stop_where_the_semantic_says(TestDatabase database, string options, string expected)
    {
        var host = await providers.WithPublishingAsync(database);
        var person = await host.NewPersonAsync("""["author"]""");

        var answer = await host.Party("posts-api").AskAsync($$"""
            {
              "subject": { "type": "user", "id": "{{person.Subject}}" }, "action": { "name": "create" }, "resource": { "type": "posts", "id": "1" },
              "evaluations": [
                {},
                { "action": { "name": "delete" } },
                { "subject": { "type": "client", "id": "robot" }, "unknown": [] },
                { "subject": { "type": "client", "id": "nobody" }, "action": { "name": "posts.create" }, "context": {} }
              ],
              "options": { {{options}} }
            }
            """, All);

        Assert.Equal(expected.Length == 3 ? expected + "F" : expected, DecidedAll(answer));
    }

    [Theory, OnEachDatabase("permit_on_first_permit", "FFT"), OnEachDatabase("deny_on_first_deny", "F")]
    public async Task The_first_permit_may_come_late(TestDatabase database, string semantic, string expected)
    {
        var host = await providers.WithPublishingAsync(database);

        var answer = await host.Party("posts-api").AskAsync($$"""
            {
              "subject": { "type": "client", "id": "robot" }, "resource": { "type": "post", "id": "1" },
              "evaluations": [
                { "action": { "name": "posts.delete" } }, { "action": { "name": "posts.fly" } }, { "action": { "name": "posts.create" } }, { "action": { "name": "posts.create" } }
              ],
              "options": { "evaluations_semantic": "{{semantic}}" }
            }
            """, All);

        Assert.Equal(expected, DecidedAll(answer));
    }

    [Theory, OnEachDatabase(""), OnEachDatabase(", \"evaluations\": []")]
    public async Task Without_a_list_it_is_one_question_with_one_answer(TestDatabase database, string more)
    {
        var host = await providers.WithPublishingAsync(database);

        var answer = await host.Party("posts-api").AskAsync(Question("robot", "posts.create", subjectType: "client").TrimEnd('}', ' ') + "}" + more + "}", All);

        Assert.True(Decided(answer.OrFail().Json));
        Assert.False(answer.Json.TryGetProperty("evaluations", out _));
    }

    [Theory, OnEachDatabase]
    public async Task Each_subject_is_read_once_and_one_question_costs_one_command(TestDatabase database)
    {
        await using var host = await Publishing.StartAsync(database);
        var api = host.Party("posts-api");
        var person = await host.NewPersonAsync("""["author"]""");
        var (robot, somebody) = ("""{ "type": "client", "id": "robot" }""", $$"""{ "type": "user", "id": "{{person.Subject}}" }""");
        var list = $$"""
            {
              "action": { "name": "posts.create" }, "resource": { "type": "post", "id": "1" },
              "evaluations": [
                { "subject": {{robot}} }, { "subject": {{somebody}} }, { "subject": {{robot}}, "action": { "name": "posts.delete" } }, { "subject": {{somebody}} }
              ]
            }
            """;

        Assert.Equal(1, await CostAsync(() => api.AskAsync(Question(person.Subject, "posts.create"))));
        Assert.Equal(1, await CostAsync(() => api.AskAsync(Question("nobody", "posts.create"))));
        Assert.Equal(2, await CostAsync(() => api.AskAsync(list, All)));
        Assert.Equal(0, await CostAsync(() => host.Party("plain-api").AskAsync(Question(person.Subject, "posts.create"))));
        var relay = host.Party("relay");
        var token = (await relay.ClientCredentialsAsync()).OrFail().AccessToken;
        // Whether the token was revoked is asked, as everywhere.
        Assert.Equal(2, await CostAsync(() => relay.AskAsync(Question(person.Subject, "posts.create"), "Bearer " + token, One, "application/json")));
    }

    // The caches are warm from the second time on, unless the watch over other nodes' changes empties them in between.
    private static async Task<int> CostAsync(Func<Task<ProtocolResponse>> ask)
    {
        var answers = new[] { await ask(), await ask(), await ask(), await ask() }[1..];
        Assert.All(answers, answer => answer.OrFail());
        return answers.Select(answer => answer.Sql.Count).Order().ElementAt(1);
    }
}
