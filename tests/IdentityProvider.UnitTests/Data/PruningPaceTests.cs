using IdentityProvider.Data;

namespace IdentityProvider.UnitTests.Data;

public sealed class PruningPaceTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(0.5, 100)]
    [InlineData(1.8, 83)]
    [InlineData(2, 50)]
    [InlineData(4, 50)]
    [InlineData(5, 30)]
    [InlineData(60, 25)]
    public void The_next_batch_keeps_other_writers_waiting_for_about_three_milliseconds(double deleting, int rows)
    {
        var pace = new PruningPace();
        Assert.Equal(50, pace.Rows);

        pace.Took(finding: Milliseconds(100), Milliseconds(deleting), committing: Milliseconds(100), late: false);

        Assert.Equal(rows, pace.Rows);
    }

    [Fact]
    public void A_batch_has_between_ten_and_five_hundred_rows()
    {
        var pace = new PruningPace();

        Assert.Equal([100, 200, 400, 500, 500], After(pace, Milliseconds(0.1), 5));
        Assert.Equal([250, 125, 62, 31, 15, 10, 10], After(pace, TimeSpan.FromSeconds(1), 7));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0.5, 3, 0, 31.5)]
    [InlineData(0, 0, 8, 32)]
    [InlineData(0.5, 3, 8, 63.5)]
    [InlineData(0, 3, 300, 1000)]
    [InlineData(0, 3_600_000, 0, 1000)]
    public void The_pause_is_nine_times_the_work_and_four_times_the_commit_but_never_endless(double finding, double deleting, double committing, double pause)
    {
        var pace = new PruningPace();

        pace.Took(Milliseconds(finding), Milliseconds(deleting), Milliseconds(committing), late: false);

        Assert.Equal(Milliseconds(pause), pace.Pause);
    }

    [Theory]
    [InlineData(3, 9, 21)]
    [InlineData(3_600_000, 0, 1000d / 3)]
    public void What_is_late_goes_three_times_as_fast(double deleting, double committing, double pause)
    {
        var pace = new PruningPace();

        pace.Took(TimeSpan.Zero, Milliseconds(deleting), Milliseconds(committing), late: true);

        Assert.Equal(pause, pace.Pause.TotalMilliseconds, 0.001);
    }

    private static int[] After(PruningPace pace, TimeSpan deleting, int batches) => [.. Enumerable.Range(0, batches).Select(_ =>
    {
        pace.Took(TimeSpan.Zero, deleting, TimeSpan.Zero, late: false);
        return pace.Rows;
    })];

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}
