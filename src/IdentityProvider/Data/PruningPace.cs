namespace IdentityProvider.Data;

/// <summary>How many rows the next batch takes and how long nothing is pruned before it, by what the last one took.</summary>
internal sealed class PruningPace
{
    private const int Fewest = 10;
    private const int Most = 500;

    // Nine parts of rest to one of work: a tenth of a core and of the writer, whatever a row costs on this machine.
    private const int RestOfWork = 9;

    // So long a request may wait behind a batch without anybody feeling it; shorter ones would pay more commits for the same rows.
    private static readonly TimeSpan shortest = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan aim = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan longest = TimeSpan.FromMilliseconds(4);

    // A process that was stopped for an hour shall not rest for nine.
    private static readonly TimeSpan longestPause = TimeSpan.FromSeconds(5);

    /// <summary>How many rows the next batch looks at.</summary>
    public int Rows { get; private set; } = 50;

    public TimeSpan Pause { get; private set; }

    /// <param name="holding">For how long the batch kept other writers waiting.</param>
    /// <param name="altogether">With finding the rows, and with the commit, which also moves pages from the log into the file.</param>
    public void Took(TimeSpan holding, TimeSpan altogether)
    {
        if (holding < shortest || holding > longest)
        {
            // By no more than half or twice at once: one batch may have met something else.
            Rows = Math.Clamp((int)(Rows * Math.Clamp(aim / holding, 0.5, 2)), Fewest, Most);
        }

        Pause = TimeSpan.FromTicks(Math.Min(altogether.Ticks * RestOfWork, longestPause.Ticks));
    }
}
