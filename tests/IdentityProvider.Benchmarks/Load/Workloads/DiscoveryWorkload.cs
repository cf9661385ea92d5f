using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>The discovery document.</summary>
internal sealed class DiscoveryWorkload : Workload
{
    public override string Name => "discovery";

    public override async Task OperateAsync(Connection connection)
    {
        var answer = await connection.GetAsync(Target.Discovery);
        answer.Require(answer.Json().GetProperty("issuer").GetString() == connection.Target.Issuer, "the issuer");
    }
}
