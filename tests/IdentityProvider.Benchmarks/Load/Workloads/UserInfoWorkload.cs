namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>An application reads the person's claims.</summary>
internal sealed class UserInfoWorkload : SignedInWorkload
{
    public override string Name => "userinfo";

    public override Task OperateAsync(Connection connection) => Steps.UserInfoAsync(connection, connection.Tokens!);
}
