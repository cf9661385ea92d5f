using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>A machine gets an access token (RFC 6749 §4.4).</summary>
internal sealed class ClientCredentialsWorkload : Workload
{
    private static readonly string machine = Wire.Basic(Cast.Machine, Cast.MachineSecret);

    public override string Name => "client_credentials";

    public override async Task OperateAsync(Connection connection)
    {
        var answer = await connection.PostAsync(
            connection.Target.Token, machine, new("grant_type", "client_credentials"), new("scope", Cast.ApiScope));
        var json = answer.Json();
        answer.Require(json.GetProperty("token_type").GetString() == "Bearer", "a Bearer token");
        answer.Require(json.GetProperty("access_token").GetString()!.Contains('.', StringComparison.Ordinal), "a JWT");
    }
}
