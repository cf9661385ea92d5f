namespace IdentityProvider.Testing;

/// <summary>
/// A clock that runs as the real one does and can leap ahead.
/// Unlike a clock that stands still, it never leaves the server waiting for a retry or a background job;
/// a leap also fires the timers that it passes.
/// </summary>
public sealed class TestClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly HashSet<LeapingTimer> timers = [];
    private TimeSpan offset;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return System.GetUtcNow() + offset;
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return System.GetTimestamp() + (long)(offset.TotalSeconds * TimestampFrequency);
        }
    }

    public override long TimestampFrequency => System.TimestampFrequency;

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (gate)
        {
            offset += by;
            foreach (var timer in timers)
            {
                timer.Rearm();
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LeapingTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class LeapingTimer : ITimer
    {
        private readonly TestClock clock;
        private readonly TimerCallback callback;
        private readonly object? state;
        private readonly ITimer timer;
        private DateTimeOffset? due;
        private TimeSpan period;

        public LeapingTimer(TestClock clock, TimerCallback callback, object? state)
        {
            (this.clock, this.callback, this.state) = (clock, callback, state);
            timer = System.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                this.period = period;
                due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.GetUtcNow() + dueTime;
                clock.timers.Add(this);
                return Rearm();
            }
        }

        public bool Rearm()
        {
            if (due is not { } at)
            {
                return timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            var left = at - clock.GetUtcNow();
            // The longest a system timer can wait is 49 days; waking early does no harm.
            return timer.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left < TimeSpan.FromDays(40) ? left : TimeSpan.FromDays(40),
                Timeout.InfiniteTimeSpan);
        }

        private void Fire()
        {
            lock (clock.gate)
            {
                if (due is not { } at)
                {
                    return;
                }

                var now = clock.GetUtcNow();
                if (now < at)
                {
                    Rearm();
                    return;
                }

                due = period > TimeSpan.Zero ? now + period : null;
                Rearm();
            }

            callback(state);
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                due = null;
                clock.timers.Remove(this);
            }

            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
