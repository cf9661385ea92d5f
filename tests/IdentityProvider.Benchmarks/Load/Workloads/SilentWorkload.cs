namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>An application asks silently whether the person is still signed in, and gets a code.</summary>
internal sealed class SilentWorkload : SignedInWorkload
{
    public override string Name => "prompt_none";

    public override Task OperateAsync(Connection connection) => Steps.AuthorizeAsync(connection, Steps.NewRequest("none"));
}
