using System.CommandLine;
using System.Globalization;
using IdentityProvider.Data;
using IdentityProvider.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>keys</c>: the signing keys.</summary>
internal static class KeysCommand
{
    public static Command Build(string[] configuration)
    {
        var list = new Command("list", "Shows every signing key and where it stands.");
        list.SetAction((_, cancellationToken) => Workbench.RunAsync(configuration, services => ListAsync(services, cancellationToken), cancellationToken));

        var now = new Option<bool>("--now")
        {
            Description = "For a key that may be in wrong hands: new keys sign at once, and every access token and id_token signed so far becomes invalid.",
        };
        var rotate = new Command("rotate", "Publishes new signing keys, which take over after IdentityProvider:Keys:PublishLead. Servers follow by themselves.") { now };
        rotate.SetAction((parsed, cancellationToken) => parsed.GetValue(now)
            ? Workbench.RunAsync(configuration, startUp => startUp.ReplaceKeysAsync(cancellationToken), services => ListAsync(services, cancellationToken))
            : Workbench.RunAsync(configuration, async services =>
            {
                await services.GetRequiredService<KeyRotation>().RotateAsync(cancellationToken);
                return await ListAsync(services, cancellationToken);
            }, cancellationToken));

        return new Command("keys", "Looks after the signing keys.") { list, rotate };
    }

    private static async Task<int> ListAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var keys = await services.GetRequiredService<AppDbContext>().Set<SigningKey>().AsNoTracking().ToListAsync(cancellationToken);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        await Console.Out.WriteLineAsync($"{"KID",-44} {"ALG",-6} {"STATE",-10} {"SIGNS FROM",-17} {"SIGNS UNTIL",-17} PUBLISHED UNTIL");
        foreach (var (key, state) in KeyLife.Order(keys, now))
        {
            await Console.Out.WriteLineAsync(
                $"{key.Kid,-44} {key.Algorithm,-6} {Word(state),-10} {Moment(key.ActivateAt),-17} {Moment(key.RetireAt),-17} {Moment(key.DeleteAt)}");
        }

        return 0;
    }

    private static string Word(KeyState state) => state.ToString().ToLowerInvariant();

    private static string Moment(DateTime? moment) => moment?.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "-";
}
