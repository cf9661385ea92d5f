using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>
/// Gives the library's stores their context when they read or write something, and not already when they are made: nearly every request has
/// a store made, and few need more than what is in memory.
/// </summary>
internal sealed class StoreContext(IServiceProvider services) : IOpenIddictEntityFrameworkCoreContext
{
    public ValueTask<DbContext> GetDbContextAsync(CancellationToken cancellationToken) => new(services.GetRequiredService<ProtocolDbContext>());
}
