using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>
/// The library's token store, without its superfluous commands: a token is inserted once, with its payload,
/// instead of inserted and then updated, and its links are foreign keys rather than rows read again.
/// </summary>
internal sealed class TokenStore(
    IMemoryCache cache, IOpenIddictEntityFrameworkCoreContext context, IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options)
    : OpenIddictEntityFrameworkCoreTokenStore<Token, Client, Grant, Guid>(cache, context, options)
{
    /// <summary>Only remembers the row; it is written when its payload is known (<see cref="UpdateAsync"/>).</summary>
    public override async ValueTask CreateAsync(Token token, CancellationToken cancellationToken) =>
        (await Context.GetDbContextAsync(cancellationToken)).Add(token);

    public override async ValueTask UpdateAsync(Token token, CancellationToken cancellationToken)
    {
        var db = await Context.GetDbContextAsync(cancellationToken);
        if (db.Entry(token).State == EntityState.Added)
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        else
        {
            await base.UpdateAsync(token, cancellationToken);
        }
    }

    public override async ValueTask<Token?> FindByReferenceIdAsync(string identifier, CancellationToken cancellationToken)
    {
        // The library asks for the same token several times in a request, and once for a new one to see that its reference is free.
        var tokens = (await Context.GetDbContextAsync(cancellationToken)).Set<Token>();
        return tokens.Local.FirstOrDefault(token => token.ReferenceId == identifier)
            ?? await tokens.AsTracking().Include(token => token.Authorization)
                .FirstOrDefaultAsync(token => token.ReferenceId == identifier, cancellationToken);
    }

    public override ValueTask<string?> GetApplicationIdAsync(Token token, CancellationToken cancellationToken) =>
        new(token.ApplicationId?.ToString());

    public override ValueTask<string?> GetAuthorizationIdAsync(Token token, CancellationToken cancellationToken) =>
        new(token.AuthorizationId?.ToString());

    public override ValueTask SetApplicationIdAsync(Token token, string? identifier, CancellationToken cancellationToken)
    {
        token.ApplicationId = identifier is null ? null : Guid.Parse(identifier);
        return ValueTask.CompletedTask;
    }

    public override ValueTask SetAuthorizationIdAsync(Token token, string? identifier, CancellationToken cancellationToken)
    {
        token.AuthorizationId = identifier is null ? null : Guid.Parse(identifier);
        return ValueTask.CompletedTask;
    }
}
