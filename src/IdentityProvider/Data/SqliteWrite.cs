namespace IdentityProvider.Data;

/// <summary>What somebody waits for until the <see cref="SqliteWriter"/> has done it and it is on the disk.</summary>
internal abstract class SqliteWrite
{
    /// <summary>Whether whoever waited has gone before it began.</summary>
    public abstract bool GaveUp();

    /// <returns>False when it failed.</returns>
    public abstract bool Run(SqliteStatementConnection connection);

    public abstract void Succeed();

    /// <summary>Tells of the failure of <see cref="Run"/>.</summary>
    public abstract void Fail();

    public abstract void Fail(Exception exception);
}

internal sealed class SqliteWrite<T>(Func<StatementWriter, ValueTask<T>> work, CancellationToken cancellationToken) : SqliteWrite
{
    // Continuations run elsewhere: the writer has others waiting.
    private readonly TaskCompletionSource<T> durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Whoever observes the request observes its commands too.
    private readonly ExecutionContext? context = ExecutionContext.Capture();

    private T? result;
    private Exception? failure;
    private SqliteStatementConnection? target;

    public Task<T> Durable => durable.Task;

    public override bool GaveUp() => cancellationToken.IsCancellationRequested && durable.TrySetCanceled(cancellationToken);

    public override bool Run(SqliteStatementConnection connection)
    {
        (failure, target) = (null, connection);
        if (context is null)
        {
            Do();
        }
        else
        {
            ExecutionContext.Run(context, static state => ((SqliteWrite<T>)state!).Do(), this);
        }

        return failure is null;
    }

    public override void Succeed() => durable.TrySetResult(result!);

    public override void Fail() => Fail(failure!);

    public override void Fail(Exception exception) => durable.TrySetException(exception);

    private void Do()
    {
        try
        {
            var done = work(target!);
            result = done.IsCompleted
                ? done.GetAwaiter().GetResult()
                : throw new InvalidOperationException("What is written together with others must not wait for anything else.");
        }
#pragma warning disable CA1031 // It is for whoever waits, not for the writer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
        }
    }
}
