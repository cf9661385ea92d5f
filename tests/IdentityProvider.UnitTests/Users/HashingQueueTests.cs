using IdentityProvider.Users;

namespace IdentityProvider.UnitTests.Users;

public sealed class HashingQueueTests
{
    [Fact]
    public async Task Beyond_the_places_and_those_who_wait_everybody_is_turned_away_at_once()
    {
        using var queue = new HashingQueue(places: 1, maximumWaiting: 1);
        using var inside = await queue.EnterAsync(TestContext.Current.CancellationToken);
        var waits = queue.EnterAsync(TestContext.Current.CancellationToken);

        var turnedAway = await queue.EnterAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(inside);
        Assert.Null(turnedAway);
        Assert.False(waits.IsCompleted);
        inside.Dispose();
        using var next = await waits;
        Assert.NotNull(next);
    }

    [Fact]
    public async Task A_place_given_back_twice_is_one_place()
    {
        using var queue = new HashingQueue(places: 1, maximumWaiting: 0);
        var first = await queue.EnterAsync(TestContext.Current.CancellationToken);
        first!.Dispose();
        first.Dispose();

        using var second = await queue.EnterAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(second);
        Assert.Null(await queue.EnterAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_gives_up_waiting_makes_room_for_another()
    {
        using var queue = new HashingQueue(places: 1, maximumWaiting: 1);
        using var inside = await queue.EnterAsync(TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource();
        var waits = queue.EnterAsync(patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);

        var another = queue.EnterAsync(TestContext.Current.CancellationToken);

        Assert.False(another.IsCompleted);
        inside!.Dispose();
        using var place = await another;
        Assert.NotNull(place);
    }
}
