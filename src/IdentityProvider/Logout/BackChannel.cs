namespace IdentityProvider.Logout;

/// <summary>After somebody signed out in this request: tells the clients, and how far that has come when it is time to answer the browser.</summary>
internal sealed class BackChannel(LogoutActs acts, LogoutDelivering delivering, LogoutReceipts receipts, TimeProvider clock)
{
    // Nobody waits longer than this for somebody else's server; the telling goes on behind it.
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(2);

    /// <returns>The person's receipt, sealed; null when there was nobody to tell.</returns>
    public async Task<string?> TellAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (acts.Find(userId) is not { Deliveries.Count: > 0 } act)
        {
            return null;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Whether it went well stands in the rows, and what went wrong with the rows in the log.
        await Task.WhenAny(delivering.SendAsync(act.Deliveries), Task.Delay(patience, clock, enough.Token));
        await enough.CancelAsync();
        return receipts.Seal(act.LogoutId);
    }
}
