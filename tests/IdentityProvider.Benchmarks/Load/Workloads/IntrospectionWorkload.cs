using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>An API asks about the access token of a person (RFC 7662).</summary>
internal sealed class IntrospectionWorkload : SignedInWorkload
{
    private static readonly string api = Wire.Basic(Cast.Api, Cast.ApiSecret);

    public override string Name => "introspection";

    public override async Task OperateAsync(Connection connection)
    {
        var answer = await connection.PostAsync(connection.Target.Introspection, api, new KeyValuePair<string, string>("token", connection.Tokens!.AccessToken));
        var json = answer.Json();
        answer.Require(json.GetProperty("active").GetBoolean(), "an active token");
        answer.Require(json.GetProperty("sub").GetString() == connection.Person.Subject, "the sub");
    }
}
