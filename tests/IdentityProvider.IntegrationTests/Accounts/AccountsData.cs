using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Testing;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Accounts;

/// <summary>Looks at accounts, and at what was recorded about them, behind the pages.</summary>
internal static class AccountsData
{
    public static async Task<T> InScopeAsync<T>(this ProviderHost provider, Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = provider.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    public static Task<User> UserAsync(this ProviderHost provider, string userName) => provider.InScopeAsync(async services =>
        Assert.IsType<User>(await services.GetRequiredService<UserDirectory>().FindByNameAsync(userName, CancellationToken.None)));

    public static Task SetAsync(this ProviderHost provider, string userName, Action<User> change) => provider.InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<AppDbContext>();
        change(await db.Users.SingleAsync(user => user.UserName == userName));
        return await db.SaveChangesAsync();
    });

    public static Task<bool> DisableAsync(this ProviderHost provider, string subject) => provider.InScopeAsync(services =>
        services.GetRequiredService<AccountStatus>().DisableAsync(subject, CancellationToken.None));

    public static Task<List<AuditEvent>> AuditAsync(this ProviderHost provider, string subject) => provider.InScopeAsync(async services =>
    {
        await services.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        return await services.GetRequiredService<AppDbContext>().Set<AuditEvent>().AsNoTracking()
            .Where(row => row.Subject == subject).ToListAsync();
    });

    public static Dictionary<string, string> Credentials(string userName, string password) =>
        new() { ["username"] = userName, ["password"] = password };
}
