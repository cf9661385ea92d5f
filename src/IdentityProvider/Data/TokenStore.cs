using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>
/// The library's token store, without its superfluous commands: a token is inserted once, with its payload, instead of inserted and then updated,
/// and its links are foreign keys rather than rows read again. What token requests do goes through <see cref="TokenRows"/>, the rest through EF Core.
/// </summary>
internal sealed class TokenStore(
    IMemoryCache cache, IOpenIddictEntityFrameworkCoreContext context, IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options, TokenRows rows)
    : OpenIddictEntityFrameworkCoreTokenStore<Token, Client, Grant, Guid>(cache, context, options)
{
    /// <summary>Only remembers the row; it is written when its payload is known (<see cref="TokenRows.WriteAsync"/>).</summary>
    public override ValueTask CreateAsync(Token token, CancellationToken cancellationToken)
    {
        rows.Add(token);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<Token?> FindByIdAsync(string identifier, CancellationToken cancellationToken) =>
        rows.Find(Guid.Parse(identifier)) is { } known ? new(known) : base.FindByIdAsync(identifier, cancellationToken);

    // The library would look for a converter of ids each time.
    public override ValueTask<string?> GetIdAsync(Token token, CancellationToken cancellationToken) => new(token.Id.ToString());

    /// <param name="identifier">As it was presented.</param>
    public override ValueTask<Token?> FindByReferenceIdAsync(string identifier, CancellationToken cancellationToken) =>
        rows.FindAsync(identifier, cancellationToken);

    /// <summary>By this the library knows that a token has a reference and that its content, presented instead, is none.</summary>
    public override ValueTask<string?> GetReferenceIdAsync(Token token, CancellationToken cancellationToken) =>
        new(token.ReferenceId ?? (token.SecretHash is null ? null : Convert.ToBase64String(token.SecretHash)));

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
