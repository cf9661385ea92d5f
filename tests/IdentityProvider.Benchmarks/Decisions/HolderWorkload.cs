using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Decisions;

/// <summary>What else is done with the tokens of people: what it costs more for those with much access.</summary>
/// <param name="everybody">The one whose tokens they are; null for people with much access.</param>
internal sealed class HolderWorkload(string name, Person? everybody, Func<Connection, Task> operate) : SignedInWorkload
{
    public override string Name => name;

    public override Person? Everybody => everybody;

    public override Task OperateAsync(Connection connection) => operate(connection);
}
