namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>The JSON Web Key Set.</summary>
internal sealed class KeySetWorkload : Workload
{
    public override string Name => "jwks";

    public override async Task OperateAsync(Connection connection)
    {
        var answer = await connection.GetAsync(connection.Target.JsonWebKeySet);
        answer.Require(answer.Json().GetProperty("keys").GetArrayLength() > 0, "keys");
    }
}
