namespace IdentityProvider.Logout;

/// <summary>How often and how long a client is tried that does not answer as it should.</summary>
internal static class LogoutRetries
{
    // Soon, for a connection that broke; then long enough for a deployment, a restart and a night's maintenance.
    private static readonly TimeSpan[] pauses =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
    ];

    // A client that says no has heard. A key it has not read yet is worth asking twice, and no more.
    private const int PausesAfterRefusal = 2;

    /// <summary>How long to wait after an attempt that failed; null to give up.</summary>
    /// <param name="attempts">How many there have been, this one included.</param>
    public static TimeSpan? PauseAfter(LogoutOutcome outcome, int attempts)
    {
        var most = outcome switch
        {
            LogoutOutcome.Delivered or LogoutOutcome.Withdrawn => 0,
            LogoutOutcome.Refused => PausesAfterRefusal,
            _ => pauses.Length,
        };
        return attempts <= most ? pauses[attempts - 1] : null;
    }
}
