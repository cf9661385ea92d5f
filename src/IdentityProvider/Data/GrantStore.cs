using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>The library's authorization store; a new grant is written together with its first token, in one transaction (<see cref="TokenRows"/>).</summary>
internal sealed class GrantStore(
    IMemoryCache cache, IOpenIddictEntityFrameworkCoreContext context, IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options, TokenRows rows)
    : OpenIddictEntityFrameworkCoreAuthorizationStore<Grant, Client, Token, Guid>(cache, context, options)
{
    public override ValueTask CreateAsync(Grant authorization, CancellationToken cancellationToken)
    {
        rows.Add(authorization);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<Grant?> FindByIdAsync(string identifier, CancellationToken cancellationToken) =>
        rows.FindGrant(Guid.Parse(identifier)) is { } known ? new(known) : base.FindByIdAsync(identifier, cancellationToken);

    // The library would look for a converter of ids each time.
    public override ValueTask<string?> GetIdAsync(Grant authorization, CancellationToken cancellationToken) => new(authorization.Id.ToString());

    public override ValueTask<string?> GetApplicationIdAsync(Grant authorization, CancellationToken cancellationToken) =>
        new(authorization.ApplicationId?.ToString());

    public override ValueTask SetApplicationIdAsync(Grant authorization, string? identifier, CancellationToken cancellationToken)
    {
        authorization.ApplicationId = identifier is null ? null : Guid.Parse(identifier);
        return ValueTask.CompletedTask;
    }
}
