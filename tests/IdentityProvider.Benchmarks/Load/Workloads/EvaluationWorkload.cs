using System.Text;
using System.Text.Json;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>An API asks whether somebody may do what they may (OpenID AuthZEN Authorization API 1.0 §6). It is told of their permissions by introspection first.</summary>
internal sealed class EvaluationWorkload : SignedInWorkload
{
    private const string Path = "/access/v1/evaluation";

    private static readonly string api = Wire.Basic(Cast.Api, Cast.ApiSecret);
    private readonly byte[]?[] questions = new byte[]?[Cast.People];

    public override string Name => "evaluation";

    public override async Task PrepareAsync(Connection connection)
    {
        await base.PrepareAsync(connection);
        var token = (await connection.PostAsync(connection.Target.Introspection, api, new KeyValuePair<string, string>("token", connection.Tokens!.AccessToken))).Json();
        questions[connection.Number] = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            subject = new { type = "user", id = connection.Person.Subject },
            action = new { name = token.GetProperty("entitlements")[0].GetString() },
            resource = new { type = "order", id = "1", properties = new { owner = connection.Person.Subject } },
        }));
    }

    public override async Task OperateAsync(Connection connection)
    {
        var answer = await connection.PostJsonAsync(Path, api, questions[connection.Number]!);
        answer.Require(answer.Json().GetProperty("decision").GetBoolean(), "a permit");
    }
}
