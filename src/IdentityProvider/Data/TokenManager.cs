using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace IdentityProvider.Data;

/// <summary>Leaves to <see cref="TokenRows"/> what a reference stands for: the library would look for its hash.</summary>
internal sealed class TokenManager(
    IOpenIddictTokenCache<Token> cache,
    ILogger<OpenIddictTokenManager<Token>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictTokenStore<Token> store)
    : OpenIddictTokenManager<Token>(cache, logger, options, store)
{
    public override ValueTask<Token?> FindByReferenceIdAsync(string identifier, CancellationToken cancellationToken = default) =>
        Store.FindByReferenceIdAsync(identifier, cancellationToken);
}
