namespace IdentityProvider.Data;

/// <summary>
/// Deletes rows whose time has come so that no request feels it: few at a time, and after each batch a pause several times as long as it took
/// (<see cref="PruningPace"/>). On SQLite a batch queues with everybody else's writes and shares their commit (<see cref="SqliteWriter"/>);
/// it never takes SQLite's one lock from outside.
/// </summary>
/// <param name="clock">The machine's own: how long a batch took decides about the next.</param>
internal sealed class Pruning(Statements statements, TimeProvider clock) : IDisposable
{
    // Who prunes at the same time takes turns, pauses included: all together take no more than one alone.
    private readonly SemaphoreSlim turn = new(1);

    // What is urgent cannot wait for those.
    private readonly SemaphoreSlim urgentTurn = new(1);

    /// <summary>Deletes the rows whose moment lies before another, each looked at once.</summary>
    /// <param name="values">Those of the condition.</param>
    /// <returns>How many were deleted.</returns>
    public async Task<int> PruneAsync(OutdatedRows outdated, DateTime before, CancellationToken cancellationToken, params object[] values)
    {
        var pace = new PruningPace(outdated.Urgent ? TimeSpan.Zero : PruningPace.Usual);
        var mine = outdated.Urgent ? urgentTurn : turn;
        RowPosition? position = null;
        var total = 0;
        while (true)
        {
            await mine.WaitAsync(cancellationToken);
            try
            {
                var began = clock.GetTimestamp();
                if (await outdated.FindEndAsync(statements, position, before, pace.Rows, cancellationToken) is not { } last)
                {
                    return total;
                }

                var finding = clock.GetElapsedTime(began);
                var (rows, deleting, deleted) = await statements.WriteAsync(
                    async writer =>
                    {
                        // Waiting for its place in the queue is not what it takes.
                        var taken = clock.GetTimestamp();
                        var rows = await outdated.DeleteAsync(writer, position, last, values);
                        var done = clock.GetTimestamp();
                        return (rows, clock.GetElapsedTime(taken, done), done);
                    },
                    cancellationToken);
                // Where most rows stay, such as grants that are in use, their age says nothing.
                var late = last.IsLate && rows >= pace.Rows / 2;
                pace.Took(finding, deleting, committing: clock.GetElapsedTime(deleted), late);
                (position, total) = (last, total + rows);
                await Task.Delay(pace.Pause, clock, cancellationToken);
            }
            finally
            {
                mine.Release();
            }
        }
    }

    public void Dispose()
    {
        turn.Dispose();
        urgentTurn.Dispose();
    }
}
