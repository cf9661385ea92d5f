using System.Collections.Immutable;
using OpenIddict.Abstractions;

namespace IdentityProvider.Data;

/// <summary>No cache: the tokens of a request are kept in <see cref="TokenRows"/>, where its stores find them without the library's bookkeeping.</summary>
internal sealed class TokenCache(IOpenIddictTokenStore<Token> store) : IOpenIddictTokenCache<Token>
{
    public ValueTask AddAsync(Token token, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IAsyncEnumerable<Token> FindAsync(string? subject, string? client, string? status, string? type, CancellationToken cancellationToken) =>
        store.FindAsync(subject, client, status, type, cancellationToken);

    public IAsyncEnumerable<Token> FindByApplicationIdAsync(string identifier, CancellationToken cancellationToken) =>
        store.FindByApplicationIdAsync(identifier, cancellationToken);

    public IAsyncEnumerable<Token> FindByAuthorizationIdAsync(string identifier, CancellationToken cancellationToken) =>
        store.FindByAuthorizationIdAsync(identifier, cancellationToken);

    public ValueTask<Token?> FindByIdAsync(string identifier, CancellationToken cancellationToken) => store.FindByIdAsync(identifier, cancellationToken);

    public ValueTask<Token?> FindByReferenceIdAsync(string identifier, CancellationToken cancellationToken) =>
        store.FindByReferenceIdAsync(identifier, cancellationToken);

    public IAsyncEnumerable<Token> FindBySubjectAsync(string subject, CancellationToken cancellationToken) =>
        store.FindBySubjectAsync(subject, cancellationToken);

    public ValueTask RemoveAsync(Token token, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>The same for grants.</summary>
internal sealed class GrantCache(IOpenIddictAuthorizationStore<Grant> store) : IOpenIddictAuthorizationCache<Grant>
{
    public ValueTask AddAsync(Grant authorization, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IAsyncEnumerable<Grant> FindAsync(
        string? subject, string? client, string? status, string? type, ImmutableArray<string>? scopes, CancellationToken cancellationToken) =>
        store.FindAsync(subject, client, status, type, scopes, cancellationToken);

    public IAsyncEnumerable<Grant> FindByApplicationIdAsync(string identifier, CancellationToken cancellationToken) =>
        store.FindByApplicationIdAsync(identifier, cancellationToken);

    public ValueTask<Grant?> FindByIdAsync(string identifier, CancellationToken cancellationToken) => store.FindByIdAsync(identifier, cancellationToken);

    public IAsyncEnumerable<Grant> FindBySubjectAsync(string subject, CancellationToken cancellationToken) =>
        store.FindBySubjectAsync(subject, cancellationToken);

    public ValueTask RemoveAsync(Grant authorization, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
