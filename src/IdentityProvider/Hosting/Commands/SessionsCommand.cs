using System.CommandLine;
using System.Globalization;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using IdentityProvider.Users;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>sessions</c>: who is signed in, and how an administrator ends it.</summary>
internal static class SessionsCommand
{
    private const int MostListed = 1000;

    public static Command Build(string[] configuration)
    {
        var ofUser = new Option<string?>("--user") { Description = "Only those of this person, by username." };
        var ofClient = new Option<string?>("--client") { Description = "Only those in which this client got access." };
        var last = new Option<int>("--last") { Description = "How many to list, those seen last first.", DefaultValueFactory = _ => 100 };
        var list = new Command("list", "Shows who is signed in, with which browser, from where, and which clients got access.") { ofUser, ofClient, last };
        list.SetAction((parsed, cancellationToken) => Workbench.RunAsync(
            configuration,
            services => ListAsync(services, parsed.GetValue(ofUser), parsed.GetValue(ofClient), parsed.GetValue(last), cancellationToken),
            cancellationToken));

        var sid = new Argument<string?>("SID") { Description = "The session, as sessions list and the audit trail call it.", Arity = ArgumentArity.ZeroOrOne };
        var user = new Option<string?>("--user") { Description = "Every session of this person, by username." };
        var end = new Command("end", "Ends a session, or all of a person, with the access that apps got in it, offline access too. Servers follow at the next request.") { sid, user };
        end.Validators.Add(parsed =>
        {
            if (parsed.GetValue(sid) is null == parsed.GetValue(user) is null)
            {
                parsed.AddError("Name either a SID or --user.");
            }
        });
        end.SetAction((parsed, cancellationToken) => Workbench.RunAsync(
            configuration,
            services => parsed.GetValue(user) is { } name
                ? EndAllAsync(services, name, cancellationToken)
                : EndAsync(services, parsed.GetValue(sid)!, cancellationToken),
            cancellationToken));

        return new Command("sessions", "Looks after who is signed in.") { list, end };
    }

    private static async Task<int> ListAsync(IServiceProvider services, string? userName, string? clientId, int last, CancellationToken cancellationToken)
    {
        var user = userName is null ? null : await FindUserAsync(services, userName, cancellationToken);
        if (userName is not null && user is null)
        {
            return 1;
        }

        if (clientId is not null && await services.GetRequiredService<ClientCatalog>().FindAsync(clientId, cancellationToken) is null)
        {
            await Console.Error.WriteLineAsync($"There is no client {clientId}.");
            return 1;
        }

        var most = Math.Clamp(last, 1, MostListed);
        var found = await services.GetRequiredService<SessionList>().FindAsync(user?.Id, clientId, first: null, most, cancellationToken);
        if (found.Count == 0)
        {
            var whose = user is null ? "Nobody is signed in" : $"{user.UserName} is not signed in";
            await Console.Out.WriteLineAsync(clientId is null ? $"{whose}." : $"{whose} with access for {clientId}.");
            return 0;
        }

        await Console.Out.WriteLineAsync($"{"SID",-22} {"USER",-20} {"DEVICE",-26} {"ADDRESS",-15} {"SIGNED IN",-17} {"LAST SEEN",-17} CLIENTS");
        foreach (var line in found)
        {
            var clients = string.Join(' ', line.Apps.Select(app => app.Offline ? app.ClientId + "(offline)" : app.ClientId));
            await Console.Out.WriteLineAsync(
                $"{line.Session.Id,-22} {line.UserName,-20} {DeviceName.Of(line.Session.UserAgent),-26} {line.Session.RemoteAddress ?? "-",-15} "
                + $"{Moment(line.Session.AuthenticatedAt),-17} {Moment(line.LastSeenAt),-17} {(clients.Length > 0 ? clients : "-")}");
        }

        return 0;
    }

    private static async Task<int> EndAsync(IServiceProvider services, string sid, CancellationToken cancellationToken)
    {
        if (await services.GetRequiredService<SessionList>().FindSuccessorAsync(sid, cancellationToken) is not { } session)
        {
            await Console.Error.WriteLineAsync($"There is no live session {sid}; it may have ended. The command sessions list shows those there are.");
            return 1;
        }

        await services.GetRequiredService<SessionRegistry>().EndAsync(session.Id, SessionEndReason.EndedByAdministrator, cancellationToken);
        await Console.Out.WriteLineAsync(session.Id == sid
            ? $"Ended session {sid}."
            : $"Ended session {session.Id}, which had taken over from {sid}.");
        return 0;
    }

    private static async Task<int> EndAllAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        if (await FindUserAsync(services, name, cancellationToken) is not { } user)
        {
            return 1;
        }

        var live = await services.GetRequiredService<SessionList>().CountAsync(user.Id, cancellationToken);
        // Also without any: apps with offline access go on after the last session has ended.
        await services.GetRequiredService<SessionRegistry>().EndAllAsync(user.Id, SessionEndReason.EndedByAdministrator, cancellationToken);
        await Console.Out.WriteLineAsync($"Ended {live} {(live == 1 ? "session" : "sessions")} of {user.UserName}, and the access that apps had.");
        return 0;
    }

    private static async Task<User?> FindUserAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var user = await services.GetRequiredService<UserDirectory>().FindByNameAsync(name, cancellationToken);
        if (user is null)
        {
            await Console.Error.WriteLineAsync($"There is no user {name}.");
        }

        return user;
    }

    private static string Moment(DateTime moment) => moment.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
