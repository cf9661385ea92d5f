namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>A form read and JSON written, by a server that does nothing else.</summary>
internal sealed class FormWorkload : Workload
{
    private static readonly string machine = Wire.Basic(Servers.Cast.Machine, Servers.Cast.MachineSecret);

    public override string Name => "form";

    public override async Task OperateAsync(Connection connection)
    {
        var answer = await connection.PostAsync(
            "/form", machine, new("grant_type", "client_credentials"), new("scope", Servers.Cast.ApiScope));
        answer.Require(answer.Json().GetProperty("tokenType").GetString() == "Bearer", "a Bearer token");
    }
}
