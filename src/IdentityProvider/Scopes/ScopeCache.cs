using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using IdentityProvider.Data;
using OpenIddict.Abstractions;

namespace IdentityProvider.Scopes;

/// <summary>
/// Gives the library its scopes from <see cref="ScopeCatalog"/>, the standard ones included.
/// Its own cache lives for one request only, and knows only what has a row.
/// </summary>
internal sealed class ScopeCache(ScopeCatalog catalog) : IOpenIddictScopeCache<Scope>
{
    public async ValueTask<Scope?> FindByNameAsync(string name, CancellationToken cancellationToken) =>
        (await catalog.GetAsync(cancellationToken)).Scopes.TryGetValue(name, out var scope) ? Row(scope) : null;

    public async IAsyncEnumerable<Scope> FindByNamesAsync(
        ImmutableArray<string> names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var scope in (await catalog.GetAsync(cancellationToken)).Find(names))
        {
            yield return Row(scope);
        }
    }

    public async IAsyncEnumerable<Scope> FindByResourceAsync(
        string resource, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var scope in (await catalog.GetAsync(cancellationToken)).Scopes.Values)
        {
            if (scope.Resources.Contains(resource))
            {
                yield return Row(scope);
            }
        }
    }

    // Nothing here finds a scope by the key of its row.
    public ValueTask<Scope?> FindByIdAsync(string identifier, CancellationToken cancellationToken) => ValueTask.FromResult<Scope?>(null);

    // The library calls these two when it has changed a scope itself.
    public ValueTask AddAsync(Scope scope, CancellationToken cancellationToken) => ForgetAsync();

    public ValueTask RemoveAsync(Scope scope, CancellationToken cancellationToken) => ForgetAsync();

    private ValueTask ForgetAsync()
    {
        catalog.Forget();
        return ValueTask.CompletedTask;
    }

    private static Scope Row(ScopeDefinition scope) => new()
    {
        Name = scope.Name,
        Description = scope.Description,
        Resources = ScopeRows.Write(scope.Resources),
        Claims = ScopeRows.Write(scope.Claims),
    };
}
