using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>One kind of operation, done again and again.</summary>
internal abstract class Workload
{
    /// <summary>As it is named on the command line and in results.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this server has what the workload asks.</summary>
    public virtual bool RunsOn(Target target) => true;

    /// <summary>Everything before the first operation of a round that shall not be measured.</summary>
    public virtual Task PrepareAsync(Connection connection) => Task.CompletedTask;

    /// <summary>One operation. Throws when the answer is not what it must be.</summary>
    public abstract Task OperateAsync(Connection connection);
}
