using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Decisions;

/// <summary>An API asks whether people may do something (OpenID AuthZEN Authorization API 1.0 §6, §7). What they may is told by introspection first.</summary>
internal sealed class EvaluationWorkload(string name, string authorization, Ask ask) : SignedInWorkload
{
    private const int Permissions = 1000;

    private readonly byte[]?[] questions = new byte[]?[Cast.People];
    private string shown = authorization;

    /// <summary>How many questions are in one request; more than one are a list.</summary>
    public int Questions { get; init; } = 1;

    /// <summary>Whether the API shows an access token of its own and not its secret.</summary>
    public bool ByToken { get; init; }

    public override string Name => name;

    public override async Task PrepareAsync(Connection connection)
    {
        await base.PrepareAsync(connection);
        var (answer, told) = await AccessIntrospectionWorkload.AskAsync(connection);
        var held = told.GetProperty("entitlements").EnumerateArray().Select(permission => permission.GetString()!).ToList();
        answer.Require(held.Count > 100, "permissions");
        var lacked = Enumerable.Range(0, Permissions).Select(number => $"orders.do-{number}").Except(held).ToList();
        var list = Enumerable.Range(0, Questions).Select(number => Question(
            connection.Person.Subject, IsPermitted(number) || ask == Ask.Frozen ? held[number % held.Count] : ask == Ask.Owned ? "edit" : lacked[number % lacked.Count]));
        questions[connection.Number] = Encoding.UTF8.GetBytes(
            (Questions == 1 ? list.First() : new JsonObject { ["evaluations"] = new JsonArray([.. list]) }).ToJsonString());
        if (ByToken && connection.Number == 0)
        {
            shown = "Bearer " + await AccessTokenAsync(connection);
        }
    }

    public override async Task OperateAsync(Connection connection)
    {
        var answer = await connection.PostJsonAsync(
            Questions == 1 ? "/access/v1/evaluation" : "/access/v1/evaluations", shown, questions[connection.Number]!);
        var json = answer.Json();
        if (Questions == 1)
        {
            Check(answer, json, 0);
            return;
        }

        var decisions = json.GetProperty("evaluations");
        answer.Require(decisions.GetArrayLength() == Questions, "an answer for each question");
        for (var number = 0; number < Questions; number++)
        {
            Check(answer, decisions[number], number);
        }
    }

    // In a list every other question is about a permission that the person does not have.
    private bool IsPermitted(int number) => ask == Ask.Held && number % 2 == 0;

    private void Check(Answer answer, JsonElement decision, int number)
    {
        answer.Require(decision.GetProperty("decision").GetBoolean() == (IsPermitted(number) || ask == Ask.Owned), "the right decision");
        var reason = decision.GetProperty("context").GetProperty("reason_admin").GetProperty("en").GetString()!;
        var expected = ask switch
        {
            Ask.Owned => $"The policy {AccessCast.Permit} permits it",
            Ask.Frozen => $"The policy {AccessCast.Forbid} forbids it",
            _ => IsPermitted(number) ? "by the role mass-" : "does not have the permission orders.do-",
        };
        answer.Require(reason.Contains(expected, StringComparison.Ordinal), expected);
    }

    private JsonObject Question(string subject, string action) => new()
    {
        ["subject"] = new JsonObject { ["type"] = "user", ["id"] = subject },
        ["action"] = new JsonObject { ["name"] = action },
        ["resource"] = new JsonObject
        {
            ["type"] = "order", ["id"] = "1",
            ["properties"] = new JsonObject
            {
                ["owner"] = ask == Ask.Owned ? subject : "somebody else", ["frozen"] = ask == Ask.Frozen, ["region"] = "north", ["amount"] = 25,
            },
        },
    };

    // Without a scope, so that its audience is the provider alone.
    private static async Task<string> AccessTokenAsync(Connection connection) => (await connection.PostAsync(
        connection.Target.Token, AccessCast.Plain, new KeyValuePair<string, string>("grant_type", "client_credentials"))).Json().GetProperty("access_token").GetString()!;
}

/// <summary>What is asked.</summary>
internal enum Ask
{
    /// <summary>A permission that the person has by a role.</summary>
    Held,

    /// <summary>A permission that the person does not have.</summary>
    Lacked,

    /// <summary>What only a policy permits.</summary>
    Owned,

    /// <summary>What a policy forbids although the person has the permission.</summary>
    Frozen,
}
