namespace IdentityProvider.Data;

/// <summary>How many rows the next batch takes and how long nothing is pruned before it, by what the last one took.</summary>
/// <param name="patience">For how long of a run what is late goes no faster.</param>
internal sealed class PruningPace(TimeSpan patience)
{
    /// <summary>A night's or a weekend's leftovers go in that time without anybody feeling it. Where it does not suffice, more becomes due than goes.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(15);

    private const int Fewest = 10;
    private const int Most = 500;

    // Nine parts of rest to one of work: a tenth of a core and of the time in which nobody else can write, whatever a row costs on this machine.
    private const int RestOfWork = 9;

    // A commit mostly waits for the disk, and others' writes are in it too; but others' commits take longer while its pages are moved into the file.
    private const int RestOfCommit = 8;

    // Then requests may rather feel something than the disk fill.
    private const int Haste = 3;

    // So long a request may wait behind a batch without anybody feeling it, and as long again for its pages in their commit.
    // Shorter ones would pay more commits for the same rows.
    private static readonly TimeSpan shortest = TimeSpan.FromMilliseconds(0.7);
    private static readonly TimeSpan aim = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan longest = TimeSpan.FromMilliseconds(1.4);

    // A disk that stood still, or a process, shall not rest for many times as long.
    private static readonly TimeSpan longestPause = TimeSpan.FromSeconds(1);

    private TimeSpan lateFor;

    /// <summary>How many rows the next batch looks at.</summary>
    public int Rows { get; private set; } = 50;

    public TimeSpan Pause { get; private set; }

    /// <param name="finding">While others write.</param>
    /// <param name="deleting">While others wait to write.</param>
    /// <param name="committing">Others' writes with it.</param>
    /// <param name="late">Whether what went should have gone long ago.</param>
    public void Took(TimeSpan finding, TimeSpan deleting, TimeSpan committing, bool late)
    {
        if (deleting < shortest || deleting > longest)
        {
            // By no more than half or twice at once: one batch may have met something else.
            Rows = Math.Clamp((int)(Rows * Math.Clamp(aim / deleting, 0.5, 2)), Fewest, Most);
        }

        var pause = ((finding + deleting) * RestOfWork) + (committing * RestOfCommit);
        pause = pause < longestPause ? pause : longestPause;
        Pause = late && lateFor >= patience ? pause / Haste : pause;
        lateFor = late ? lateFor + finding + deleting + committing + Pause : TimeSpan.Zero;
    }
}
