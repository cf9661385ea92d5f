using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>One kind of operation, done again and again.</summary>
internal abstract class Workload
{
    /// <summary>As it is named on the command line and in results.</summary>
    public abstract string Name { get; }

    /// <summary>How many times longer an operation takes than most: it is repeated less often where operations are counted.</summary>
    public virtual int Weight => 1;

    /// <summary>Whether the server still works for the operation after it has answered.</summary>
    public virtual bool GoesOnBehindAnswer => false;

    /// <summary>Whether this server has what the workload asks.</summary>
    public virtual bool RunsOn(Target target) => true;

    /// <summary>The person behind all connections; null where each has one of their own.</summary>
    public virtual Person? Everybody => null;

    /// <summary>Everything before the first operation of a round that shall not be measured.</summary>
    public virtual Task PrepareAsync(Connection connection) => Task.CompletedTask;

    /// <summary>What must be there anew for each operation; not counted.</summary>
    public virtual Task PrepareOperationAsync(Connection connection) => Task.CompletedTask;

    /// <summary>One operation. Throws when the answer is not what it must be.</summary>
    public abstract Task OperateAsync(Connection connection);

    /// <summary>One round: all connections at the same time, until the time is over.</summary>
    public virtual async Task<Sample> MeasureAsync(LoadClient client, TimeSpan duration)
    {
        await client.ForEachAsync(PrepareAsync);
        return await client.MeasureAsync(OperateAsync, duration);
    }
}
