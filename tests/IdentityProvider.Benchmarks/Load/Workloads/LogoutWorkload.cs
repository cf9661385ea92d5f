using System.Collections.Concurrent;
using System.Diagnostics;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load.Workloads;

/// <summary>
/// A hundred browsers sign out by their application's wish, and the application gets a hundred logout tokens. One operation is one
/// session ended and its token received; signing in is not measured.
/// </summary>
internal sealed class LogoutWorkload(LogoutReceiver receiver) : Workload
{
    private const int Sessions = 100;
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private static readonly RelyingParty told = new(Cast.Told, Cast.ToldSecret);

    private readonly ConcurrentDictionary<Connection, Queue<Session>> sessions = new();

    public override string Name => "logout";

    public override int Weight => 4;

    // The attempt is noted when the application has answered.
    public override bool GoesOnBehindAnswer => true;

    public override bool RunsOn(Target target) => target.Name != "reference";

    public override async Task PrepareOperationAsync(Connection connection)
    {
        var others = connection.Cookies;
        await Steps.SignInAsync(connection);
        var tokens = await Steps.CodeFlowAsync(connection, told);
        var sid = Wire.Claims(tokens.IdentityToken).GetProperty("sid").GetString()!;
        sessions.GetOrAdd(connection, _ => new()).Enqueue(new Session(connection.Cookies, tokens.IdentityToken, sid));
        connection.Cookies = others;
    }

    public override Task OperateAsync(Connection connection) => EndAsync(connection);

    public override async Task<Sample> MeasureAsync(LoadClient client, TimeSpan duration)
    {
        await client.ForEachAsync(async connection =>
        {
            for (var number = connection.Number; number < Sessions; number += Cast.People)
            {
                await PrepareOperationAsync(connection);
            }
        });
        return await client.MeasureAsync(async connection =>
        {
            List<Task<long>> ended = [];
            while (sessions[connection].Count > 0)
            {
                ended.Add(await StartEndingAsync(connection));
            }

            return [.. await Task.WhenAll(ended)];
        });
    }

    private async Task EndAsync(Connection connection) => await await StartEndingAsync(connection);

    // The inner task is the time until the token came: the next browser does not wait for it.
    private async Task<Task<long>> StartEndingAsync(Connection connection)
    {
        var session = sessions[connection].Dequeue();
        var others = connection.Cookies;
        connection.Cookies = session.Cookies;
        var received = receiver.Expect(session.Sid);
        var began = Stopwatch.GetTimestamp();
        var answer = await connection.BrowseAsync(Wire.Query(connection.Target.EndSession, [new("id_token_hint", session.IdentityToken)]));
        answer.Require((int)answer.Status is 302 or 303, "a redirect");
        connection.Cookies = others;
        return ReceiveAsync(received, began);
    }

    private static async Task<long> ReceiveAsync(Task<long> received, long began)
    {
        try
        {
            return await received.WaitAsync(patience, TimeProvider.System) - began;
        }
        catch (TimeoutException)
        {
            throw new BenchmarkException($"A session ended, and its logout token did not come within {patience.TotalSeconds:0} seconds.");
        }
    }

    private sealed record Session(Dictionary<string, string> Cookies, string IdentityToken, string Sid);
}
