using IdentityProvider.Pages;
using IdentityProvider.Pages.Account;
using IdentityProvider.Sessions;

namespace IdentityProvider.UnitTests.Pages;

public sealed class SessionLineTests
{
    private static readonly DateTime Now = new(2026, 11, 26, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("127.0.0.1", "On this network, 127.0.0.1")]
    [InlineData("::1", "On this network, ::1")]
    [InlineData("10.20.30.40", "On this network, 10.20.30.40")]
    [InlineData("172.31.255.255", "On this network, 172.31.255.255")]
    [InlineData("172.32.0.0", "Address 172.32.0.0")]
    [InlineData("::ffff:192.168.1.7", "On this network, 192.168.1.7")]
    [InlineData("fe80::1%3", "On this network, fe80::1")]
    [InlineData("fd00::7", "On this network, fd00::7")]
    [InlineData("2001:db8::7", "Address 2001:db8::7")]
    [InlineData("198.51.100.7", "Address 198.51.100.7")]
    [InlineData(null, "Unknown address")]
    [InlineData("nonsense", "Unknown address")]
    public void A_place_is_told_as_far_as_the_address_tells(string? address, string expected) => Assert.Equal(expected, SessionLine.PlaceOf(address));

    [Theory]
    [InlineData(-30, "just now")]
    [InlineData(59, "just now")]
    [InlineData(60, "1 minute ago")]
    [InlineData(59 * 60 + 59, "59 minutes ago")]
    [InlineData(3600, "1 hour ago")]
    [InlineData(23 * 3600, "23 hours ago")]
    [InlineData(24 * 3600, "1 day ago")]
    [InlineData(40 * 24 * 3600, "40 days ago")]
    public void A_moment_is_told_by_how_long_ago_it_was(int seconds, string expected) =>
        Assert.Equal(expected, new Moment(Now.AddSeconds(-seconds), Now).Ago);

    [Fact]
    public void A_moment_is_told_exactly_in_UTC()
    {
        var moment = new Moment(new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc), Now);

        Assert.Equal("4 March 2026 at 05:06 UTC", moment.Exact);
        Assert.Equal("2026-03-04T05:06:07Z", moment.Machine);
    }

    [Theory]
    [InlineData(true, 90, 90, "Active now")]
    [InlineData(false, 90, 4, "Active in the last 5 minutes")]
    [InlineData(false, 90, 5, "Last active 5 minutes ago")]
    [InlineData(false, 90, 30, "Last active 30 minutes ago")]
    // A row of an earlier version, or of a node whose clock is behind: never seen before it began.
    [InlineData(false, 90, 1_000_000, "Last active 1 hour ago")]
    public void Activity_is_told_no_more_exactly_than_it_is_known(bool here, int createdMinutesAgo, int seenMinutesAgo, string expected) =>
        Assert.Equal(expected, Line(here, "pwd", null, createdMinutesAgo, seenMinutesAgo).Activity);

    [Theory]
    [InlineData("pwd", null, " with your password")]
    [InlineData("fed", "Google", " with Google")]
    [InlineData("fed", null, " with another account")]
    [InlineData("fed pwd", "Google", " with Google and your password")]
    [InlineData("", null, "")]
    public void How_somebody_signed_in_is_the_end_of_a_sentence(string methods, string? upstream, string expected) =>
        Assert.Equal(expected, Line(here: false, methods, upstream, 1, 1).Method);

    private static SessionLine Line(bool here, string methods, string? upstream, int createdMinutesAgo, int seenMinutesAgo) => new(
        new ListedSession(
            new Session { CreatedAt = Now.AddMinutes(-createdMinutesAgo), LastSeenAt = Now.AddMinutes(-seenMinutesAgo), Methods = methods }, "ada", []),
        here, upstream, Now);
}
