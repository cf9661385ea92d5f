using IdentityProvider.Logout;

namespace IdentityProvider.UnitTests.Logout;

public sealed class LogoutRetriesTests
{
    [Fact]
    public void Pauses_grow_and_end()
    {
        var pauses = Enumerable.Range(1, 10).Select(attempts => LogoutRetries.PauseAfter(LogoutOutcome.TimedOut, attempts)).ToList();

        Assert.Equal(6, pauses.Count(pause => pause is not null));
        Assert.Equal(pauses.Take(6).OrderBy(pause => pause), pauses.Take(6));
        Assert.Equal(TimeSpan.FromSeconds(2), pauses[0]);
    }

    [Fact]
    public void A_refusal_is_asked_twice_more_and_an_app_that_is_gone_is_not() =>
        Assert.Equal(
            (true, true, false, false),
            (LogoutRetries.PauseAfter(LogoutOutcome.Refused, 1) is not null, LogoutRetries.PauseAfter(LogoutOutcome.Refused, 2) is not null,
                LogoutRetries.PauseAfter(LogoutOutcome.Refused, 3) is not null, LogoutRetries.PauseAfter(LogoutOutcome.Withdrawn, 1) is not null));
}
