using IdentityProvider.Data;
using IdentityProvider.Declarations;
using IdentityProvider.Scopes;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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
}
