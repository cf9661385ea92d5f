namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>The same, with a pushed authorization request (RFC 9126).</summary>
internal sealed class PushedCodeFlowWorkload : SignedInWorkload
{
    public override string Name => "par_code_flow";

    public override async Task OperateAsync(Connection connection)
    {
        var request = Steps.NewRequest();
        var code = await Steps.AuthorizeAsync(connection, request, await Steps.PushAsync(connection, request));
        await Steps.UserInfoAsync(connection, await Steps.ExchangeAsync(connection, request, code));
    }
}
