using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>A fresh browser opens the login page and signs in by password. The reference server hashes no password.</summary>
internal sealed class LoginWorkload : Workload
{
    public override string Name => "login";

    public override int Weight => 3;

    public override bool RunsOn(Target target) => target.Name != "reference";

    public override Task OperateAsync(Connection connection) => Steps.SignInAsync(connection);
}
