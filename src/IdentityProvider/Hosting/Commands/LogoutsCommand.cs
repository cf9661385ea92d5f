using System.CommandLine;
using IdentityProvider.Data;
using IdentityProvider.Logout;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>logouts</c>: which clients were told that a session ended, and what they answered.</summary>
internal static class LogoutsCommand
{
    private const int MostListed = 1000;

    public static Command Build(string[] configuration)
    {
        var reference = new Argument<string?>("REFERENCE") { Description = "The reference of a logout, as the list shows it.", Arity = ArgumentArity.ZeroOrOne };
        var session = new Option<string?>("--session") { Description = "The logout that ended the session with this sid." };
        var last = new Option<int>("--last") { Description = "How many to list.", DefaultValueFactory = _ => 10 };
        var logouts = new Command("logouts", "Tells which apps were told that a session ended, with each attempt. Without a reference it lists the last logouts.")
        {
            reference, session, last,
        };
        logouts.SetAction((parsed, cancellationToken) => Workbench.RunAsync(
            configuration,
            services => (parsed.GetValue(reference), parsed.GetValue(session)) switch
            {
                ({ } typed, _) => TellAsync(services, typed, cancellationToken),
                (_, { } sid) => TellSessionAsync(services, sid, cancellationToken),
                _ => ListAsync(services, parsed.GetValue(last), cancellationToken),
            },
            cancellationToken));
        return logouts;
    }

    private static async Task<int> TellSessionAsync(IServiceProvider services, string sid, CancellationToken cancellationToken)
    {
        var logoutId = await Deliveries(services).Where(delivery => delivery.SessionId == sid)
            .Select(delivery => (Guid?)delivery.LogoutId).FirstOrDefaultAsync(cancellationToken);
        return await TellAsync(services, logoutId?.ToString("N"), cancellationToken);
    }

    private static async Task<int> TellAsync(IServiceProvider services, string? typed, CancellationToken cancellationToken)
    {
        var receipt = Guid.TryParse(typed, out var logoutId)
            ? await Deliveries(services).Where(delivery => delivery.LogoutId == logoutId).OrderBy(delivery => delivery.ClientId).ToListAsync(cancellationToken)
            : [];
        if (receipt.Count == 0)
        {
            await Console.Error.WriteLineAsync(
                "There is no such logout. It may be mistyped, of another server or of more than 30 days ago, or there was no app to tell.");
            return 1;
        }

        await Console.Out.WriteAsync(LogoutReport.Tell(receipt));
        return 0;
    }

    private static async Task<int> ListAsync(IServiceProvider services, int last, CancellationToken cancellationToken)
    {
        // Their references grow with time.
        var ids = await Deliveries(services).Select(delivery => delivery.LogoutId).Distinct().OrderDescending()
            .Take(Math.Clamp(last, 1, MostListed)).ToListAsync(cancellationToken);
        var deliveries = await Deliveries(services).Where(delivery => ids.Contains(delivery.LogoutId)).ToListAsync(cancellationToken);
        if (deliveries.Count == 0)
        {
            await Console.Out.WriteLineAsync("No app had to be told of a logout.");
            return 0;
        }

        await Console.Out.WriteAsync(LogoutReport.List(deliveries
            .GroupBy(delivery => delivery.LogoutId)
            .Select(receipt => receipt.OrderBy(delivery => delivery.ClientId, StringComparer.Ordinal).ToList())
            .OrderByDescending(receipt => receipt[0].CreatedAt)));
        return 0;
    }

    private static IQueryable<LogoutDelivery> Deliveries(IServiceProvider services) =>
        services.GetRequiredService<AppDbContext>().Set<LogoutDelivery>().AsNoTracking();
}
