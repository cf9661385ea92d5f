namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>A refresh token is exchanged for the next one.</summary>
internal sealed class RefreshWorkload : SignedInWorkload
{
    public override string Name => "refresh";

    public override async Task OperateAsync(Connection connection) =>
        connection.Tokens = await Steps.RefreshAsync(connection, connection.Tokens!);
}
