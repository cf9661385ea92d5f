using IdentityProvider.Clients;
using IdentityProvider.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Logout;

/// <summary>
/// Tells clients that sessions have ended, in the background: at once on the node where somebody signs out, and otherwise on whichever node
/// looks next (<see cref="DeliverLogouts"/>). A client that hangs takes up its own few places and delays nobody else.
/// </summary>
internal sealed class LogoutDelivering(
    IServiceScopeFactory scopes, Statements statements, ClientCatalog clients, LogoutTokens tokens, LogoutCall call, TimeProvider clock) : IHostedService, IDisposable
{
    // Which clients there is something to tell now.
    private static readonly Statement dueClients = new("""SELECT DISTINCT "ClientId" FROM "LogoutDeliveries" WHERE "DueAt" <= @now""", "@now");

    private const int MostAtOnce = 64;
    private const int MostPerClient = 4;

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly List<(string ClientId, Task Work)> running = [];

    /// <summary>Attempts these deliveries now. Ends when all were attempted; one that finds no place is left to the job.</summary>
    public Task SendAsync(IEnumerable<(Guid Id, string ClientId)> deliveries) =>
        Task.WhenAll(deliveries.Select(delivery => Begin(delivery.ClientId, () => SendOneAsync(delivery.Id))).ToList());

    /// <summary>Begins whatever is due.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        var due = await statements.ReadAllAsync(dueClients, static row => row.GetString(0), cancellationToken, clock.GetUtcNow().UtcDateTime);
        // Those first at whom nobody is at work: clients that hang must not keep all places to themselves.
        foreach (var clientId in due.OrderBy(CountRunning))
        {
            // One more worker at each look while there is more to do than those can that are at it.
            _ = Begin(clientId, () => SendAllAsync(clientId));
        }

        // A database that went away in the middle is told by the job that looks after this; what was taken is due again after a while.
        await Task.WhenAll(TakeFailed());
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        List<Task> rest;
        lock (gate)
        {
            rest = [.. running.Select(entry => entry.Work)];
        }

        await Task.WhenAll(rest).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    private Task Begin(string clientId, Func<Task> work)
    {
        lock (gate)
        {
            running.RemoveAll(entry => entry.Work.IsCompletedSuccessfully || entry.Work.IsCanceled);
            var open = running.Where(entry => !entry.Work.IsCompleted).ToList();
            if (stopping.IsCancellationRequested || open.Count >= MostAtOnce || open.Count(entry => entry.ClientId == clientId) >= MostPerClient)
            {
                return Task.CompletedTask;
            }

            var begun = Task.Run(work);
            running.Add((clientId, begun));
            return begun;
        }
    }

    private int CountRunning(string clientId)
    {
        lock (gate)
        {
            return running.Count(entry => entry.ClientId == clientId && !entry.Work.IsCompleted);
        }
    }

    private List<Task> TakeFailed()
    {
        lock (gate)
        {
            var failed = running.Where(entry => entry.Work.IsFaulted).ToList();
            running.RemoveAll(failed.Contains);
            return [.. failed.Select(entry => entry.Work)];
        }
    }

    private async Task SendOneAsync(Guid id)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await Deliveries(scope).TakeAsync(id, stopping.Token) is { } taken)
        {
            await AttemptAsync(Deliveries(scope), taken);
        }
    }

    private async Task SendAllAsync(string clientId)
    {
        await using var scope = scopes.CreateAsyncScope();
        // After an attempt that failed the place is given up: a backlog of a client that hangs would hold it for hours.
        while (await Deliveries(scope).TakeNextAsync(clientId, stopping.Token) is { } taken && await AttemptAsync(Deliveries(scope), taken))
        {
        }
    }

    /// <returns>Whether the client is worth the next attempt at once.</returns>
    private async Task<bool> AttemptAsync(LogoutDeliveries deliveries, LogoutDelivery taken)
    {
        try
        {
            // As the client is registered now: an address that was corrected is told at the next attempt, and one that was given up is not.
            var (at, started) = (clock.GetUtcNow().UtcDateTime, clock.GetTimestamp());
            if (await clients.FindAsync(taken.ClientId, stopping.Token) is not { Metadata.BackChannelLogoutUri: { } uri } client)
            {
                await deliveries.RecordAsync(taken, taken.Uri, new LogoutAttempt(at, LogoutOutcome.Withdrawn, null, 0, null));
                return true;
            }

            var (outcome, status, note) = await call.PostAsync(uri, await tokens.CreateAsync(client, taken, stopping.Token), stopping.Token);
            await deliveries.RecordAsync(taken, uri,
                new LogoutAttempt(at, outcome, status, (int)clock.GetElapsedTime(started).TotalMilliseconds, note));
            return outcome == LogoutOutcome.Delivered;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Another node does it, or this one when it is back.
            await deliveries.ReleaseAsync(taken);
            return false;
        }
    }

    private static LogoutDeliveries Deliveries(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<LogoutDeliveries>();
}
