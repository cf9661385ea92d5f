using IdentityProvider.Data;

namespace IdentityProvider.UnitTests.Data;

public sealed class PruningPaceTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(0.2, 100)]
    [InlineData(0.6, 83)]
    [InlineData(0.7, 50)]
    [InlineData(1.4, 50)]
    [InlineData(1.5, 33)]
    [InlineData(60, 25)]
    public void The_next_batch_keeps_other_writers_waiting_for_about_a_millisecond(double deleting, int rows)
    {
        var pace = new PruningPace(PruningPace.Usual);
        Assert.Equal(50, pace.Rows);

        pace.Took(finding: Milliseconds(100), Milliseconds(deleting), committing: Milliseconds(100), late: false);

        Assert.Equal(rows, pace.Rows);
    }

    [Fact]
    public void A_batch_has_between_ten_and_five_hundred_rows()
    {
        var pace = new PruningPace(PruningPace.Usual);

        Assert.Equal([100, 200, 400, 500, 500], After(pace, Milliseconds(0.1), 5));
        Assert.Equal([250, 125, 62, 31, 15, 10, 10], After(pace, TimeSpan.FromSeconds(1), 7));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0.5, 3, 0, 31.5)]
    [InlineData(0, 0, 8, 64)]
    [InlineData(0.5, 3, 8, 95.5)]
    [InlineData(0, 3, 300, 1000)]
    [InlineData(0, 3_600_000, 0, 1000)]
    public void The_pause_is_nine_times_the_work_and_eight_times_the_commit_but_never_endless(double finding, double deleting, double committing, double pause)
    {
        var pace = new PruningPace(PruningPace.Usual);

        pace.Took(Milliseconds(finding), Milliseconds(deleting), Milliseconds(committing), late: false);

        Assert.Equal(Milliseconds(pause), pace.Pause);
    }

    [Theory]
    [InlineData(3, 9, 33)]
    [InlineData(3_600_000, 0, 1000d / 3)]
    public void What_is_late_and_cannot_wait_goes_three_times_as_fast(double deleting, double committing, double pause)
    {
        var pace = new PruningPace(TimeSpan.Zero);

        pace.Took(TimeSpan.Zero, Milliseconds(deleting), Milliseconds(committing), late: true);

        Assert.Equal(pause, pace.Pause.TotalMilliseconds, 0.001);
    }

    [Fact]
    public void What_is_late_goes_faster_when_it_has_been_for_a_quarter_of_an_hour()
    {
        var pace = new PruningPace(PruningPace.Usual);
        Assert.Equal(TimeSpan.FromMinutes(15), PruningPace.Usual);

        // Of 100 ms each, pause and all.
        Assert.Equal(Enumerable.Repeat(90d, 9000), Pauses(9000, late: true));
        Assert.Equal([30, 30], Pauses(2, late: true));

        // What is not late begins anew.
        Assert.Equal([90], Pauses(1, late: false));
        Assert.Equal([90], Pauses(1, late: true));

        IEnumerable<double> Pauses(int batches, bool late) => [.. Enumerable.Range(0, batches).Select(_ =>
        {
            pace.Took(TimeSpan.Zero, Milliseconds(10), TimeSpan.Zero, late);
            return pace.Pause.TotalMilliseconds;
        })];
    }

    private static int[] After(PruningPace pace, TimeSpan deleting, int batches) => [.. Enumerable.Range(0, batches).Select(_ =>
    {
        pace.Took(TimeSpan.Zero, deleting, TimeSpan.Zero, late: false);
        return pace.Rows;
    })];

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}
