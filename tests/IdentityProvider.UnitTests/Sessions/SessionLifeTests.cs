using IdentityProvider.Sessions;
using IdentityProvider.Testing;
using Microsoft.Extensions.Options;

namespace IdentityProvider.UnitTests.Sessions;

public sealed class SessionLifeTests
{
    private readonly TestClock clock = new();

    [Theory]
    [InlineData("12:00:00", "02:00:00", "02:00:00", "00:05:00")]
    [InlineData("01:00:00", "02:00:00", "01:00:00", "00:05:00")]
    [InlineData("12:00:00", "00:10:00", "00:10:00", "00:01:00")]
    public void The_idle_lifetime_is_bounded_by_the_absolute_one_and_written_to_within_a_tenth(string absolute, string idle, string lives, string granularity)
    {
        foreach (var persistent in new[] { false, true })
        {
            var life = new SessionLife(Options.Create(persistent
                ? new SessionOptions { RememberedLifetime = Span(absolute), RememberedIdleLifetime = Span(idle) }
                : new SessionOptions { Lifetime = Span(absolute), IdleLifetime = Span(idle) }), clock);

            Assert.Equal((Span(lives), Span(granularity)), (life.Idle(persistent), life.Granularity(persistent)));
        }
    }

    [Theory]
    [InlineData(0, 119, false, false)]
    [InlineData(0, 121, false, true)]
    [InlineData(100, 121, false, false)]
    [InlineData(-60_000_000, 119, false, false)] // from before last uses were written
    [InlineData(-60_000_000, 121, false, true)]
    [InlineData(0, 121, true, false)] // continued by another, with which it ends
    [InlineData(719, 721, false, true)]
    [InlineData(719, 721, true, true)]
    public void It_is_over_when_it_was_not_used_or_at_its_end(int seen, int minutes, bool superseded, bool over)
    {
        var life = new SessionLife(Options.Create(new SessionOptions()), clock);
        var session = New("a", seen, superseded);
        clock.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Equal(over, life.IsOver(session));
    }

    [Fact]
    public void It_is_noted_once_when_what_is_written_is_old_and_notes_do_not_grow_without_end()
    {
        var life = new SessionLife(Options.Create(new SessionOptions()), clock);
        var session = New("a", seen: 0);
        clock.Advance(TimeSpan.FromMinutes(4));
        life.Note(session);
        Assert.Empty(life.Notes());

        clock.Advance(TimeSpan.FromMinutes(2));
        life.Note(session);
        life.Note(session);
        var note = Assert.Single(life.Notes());
        life.Written([note]);
        Assert.Empty(life.Notes());

        for (var number = 0; number < 10_100; number++)
        {
            life.Note(New(number.ToString(System.Globalization.CultureInfo.InvariantCulture), seen: -10));
        }

        Assert.Equal(10_000, life.Notes().Count);
    }

    private Session New(string sid, int seen, bool superseded = false)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new Session
        {
            Id = sid,
            CreatedAt = seen < -1000 ? now : now.AddMinutes(Math.Min(seen, 0)),
            LastSeenAt = now.AddMinutes(seen),
            ExpiresAt = now.AddHours(12),
            SupersededAt = superseded ? now : null,
        };
    }

    private static TimeSpan Span(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
