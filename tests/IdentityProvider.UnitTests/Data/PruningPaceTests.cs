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
    public void The_next_batch_holds_the_others_up_for_about_three_milliseconds(double milliseconds, int rows)
    {
        var pace = new PruningPace();
        Assert.Equal(50, pace.Rows);

        pace.Took(Milliseconds(milliseconds), Milliseconds(milliseconds));

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
    [InlineData(0, 0)]
    [InlineData(0.4, 3.6)]
    [InlineData(8, 72)]
    [InlineData(300, 2700)]
    [InlineData(3_600_000, 5000)]
    public void The_pause_is_nine_times_what_the_batch_took_with_its_commit_but_never_endless(double altogether, double pause)
    {
        var pace = new PruningPace();

        pace.Took(Milliseconds(3), Milliseconds(altogether));

        Assert.Equal(Milliseconds(pause), pace.Pause);
    }

    private static int[] After(PruningPace pace, TimeSpan holding, int batches) => [.. Enumerable.Range(0, batches).Select(_ =>
    {
        pace.Took(holding, holding);
        return pace.Rows;
    })];

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}
