namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>Authorization with a session cookie, exchange of the code, userinfo: what an application does when somebody returns.</summary>
internal sealed class CodeFlowWorkload : SignedInWorkload
{
    public override string Name => "code_flow";

    public override async Task OperateAsync(Connection connection) =>
        await Steps.UserInfoAsync(connection, await Steps.CodeFlowAsync(connection));
}
