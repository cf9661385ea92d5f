using IdentityProvider.Data;
using IdentityProvider.Declarations;
using IdentityProvider.Scopes;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.IntegrationTests.Declarations;

/// <summary>What tests of declarations do again and again.</summary>
internal static class DeclarationSteps
{
    public static async Task<DeclarationOutcome> DeclareAsync(this ProviderHost node, string text, bool prune = false)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DeclarationFile>()
            .ApplyTextAsync(text, node.Storage.ContentRoot, prune, CancellationToken.None);
    }

    public static async Task<DeclarationOutcome.Applied> MustDeclareAsync(this ProviderHost node, string text, bool prune = false)
    {
        var outcome = await node.DeclareAsync(text, prune);
        Assert.True(outcome is DeclarationOutcome.Applied, outcome is DeclarationOutcome.Refused refused ? string.Join('\n', refused.Errors) : "");
        return (DeclarationOutcome.Applied)outcome;
    }

    public static async Task<IReadOnlyList<string>> MustRefuseAsync(this ProviderHost node, string text) =>
        Assert.IsType<DeclarationOutcome.Refused>(await node.DeclareAsync(text)).Errors;

    public static async Task<T> ReadAsync<T>(this ProviderHost node, Func<AppDbContext, Task<T>> read)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<AppDbContext>());
    }

    public static async Task<ScopeSet> ScopesAsync(this ProviderHost node) =>
        await node.Services.GetRequiredService<ScopeCatalog>().GetAsync(CancellationToken.None);

    public static Task<Client?> FindClientAsync(this ProviderHost node, string clientId) =>
        node.ReadAsync(db => db.Set<Client>().AsNoTracking().SingleOrDefaultAsync(client => client.ClientId == clientId));

    public static Task<User?> FindUserAsync(this ProviderHost node, string userName) =>
        node.ReadAsync(db => db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.UserName == userName));

    /// <summary>A node whose starts apply this file, as it did already.</summary>
    public static async Task<ProviderHost> StartOnAsync(TestDatabase database, string declaration)
    {
        var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = "{}" });
        await node.WriteDeclarationAsync(declaration);
        Assert.True(await node.AppliesAsync());
        Assert.False(await node.AppliesAsync());
        return node;
    }

    public static Task WriteDeclarationAsync(this ProviderHost node, string text) =>
        File.WriteAllTextAsync(Path.Combine(node.Storage.ContentRoot, "declaration.json"), text);

    /// <summary>Does with its file what a start does; whether it applied it.</summary>
    public static async Task<bool> AppliesAsync(this ProviderHost node)
    {
        var before = node.ToldAtStart().LastOrDefault();
        await node.Services.GetRequiredService<DeclarationsAtStart>().ApplyAsync(CancellationToken.None);
        var told = node.ToldAtStart().Last();
        Assert.NotSame(before, told);
        return !told.Text.EndsWith("nothing was applied.", StringComparison.Ordinal);
    }

    /// <summary>What stands against its file, as a start that goes on without it tells.</summary>
    public static async Task<string> ContradictionAtStartAsync(this ProviderHost node)
    {
        Assert.True(await node.AppliesAsync());
        var told = node.ToldAtStart().Last();
        Assert.Equal(LogLevel.Error, told.Level);
        Assert.Contains("as it was at the last start and yet refused, so nothing of it was applied", told.Text, StringComparison.Ordinal);
        return told.Text;
    }

    /// <summary>What its starts said of its file.</summary>
    public static IReadOnlyList<string> SaidAtStart(this ProviderHost node) =>
        [.. node.ToldAtStart().Select(entry => entry.Text)
            .Select(text => text[Math.Max(text.IndexOf("was applied:", StringComparison.Ordinal), text.IndexOf("nothing", StringComparison.Ordinal))..])];

    /// <summary>Asks until the answer is yes: for what other nodes notice by themselves.</summary>
    public static async Task<bool> WithinAsync(TimeSpan limit, Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!await condition())
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static IEnumerable<TestLog.Entry> ToldAtStart(this ProviderHost node) =>
        node.Log.Entries.Where(entry => entry.Category == typeof(DeclarationsAtStart).FullName);
}
