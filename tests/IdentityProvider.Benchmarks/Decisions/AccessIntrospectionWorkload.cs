using System.Text.Json;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Decisions;

/// <summary>An API asks about the access token of a person by introspection, and hears what they may do there.</summary>
/// <param name="everybody">The one whose tokens they are; null for people with much access.</param>
internal sealed class AccessIntrospectionWorkload(string name, Person? everybody) : SignedInWorkload
{
    private readonly int?[] permissions = new int?[Cast.People];

    public override string Name => name;

    public override Person? Everybody => everybody;

    /// <summary>What the API hears of the token's person.</summary>
    public static async Task<(Answer Answer, JsonElement Json)> AskAsync(Connection connection)
    {
        var answer = await connection.PostAsync(
            connection.Target.Introspection, AccessCast.Plain, new KeyValuePair<string, string>("token", connection.Tokens!.AccessToken));
        return (answer, answer.Json());
    }

    public override async Task OperateAsync(Connection connection)
    {
        var (answer, json) = await AskAsync(connection);
        answer.Require(json.GetProperty("active").GetBoolean(), "an active token");
        answer.Require(json.GetProperty("sub").GetString() == connection.Person.Subject, "the sub");
        var told = json.GetProperty("entitlements").GetArrayLength();
        answer.Require(everybody is null ? told > 100 : told == 0, "the permissions");
        answer.Require(told == (permissions[connection.Number] ??= told), "the same permissions each time");
    }
}
