using IdentityProvider.Clients;
using IdentityProvider.Keys;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// ES256 signs access tokens, because it is small and quick, unless a resource among the audiences asks for something else, such as RS256
/// (RFC 9068 §2.1 wants it possible). The client's registration says what signs id_tokens: RS256 by default (OpenID Connect Core §15.1).
/// </summary>
internal sealed class SignByAudience(ScopeCatalog scopes, ClientCatalog clients, SignatureKeys keys) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
            .UseSingletonHandler<SignByAudience>()
            .SetOrder(Protection.AttachSecurityCredentials.Descriptor.Order + 250)
            .Build();

    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        var algorithm = context.TokenType switch
        {
            TokenTypeIdentifiers.AccessToken => await ForAccessTokenAsync(context),
            TokenTypeIdentifiers.IdentityToken => await ForIdentityTokenAsync(clients, context.ClientId, context.CancellationToken),
            _ => null,
        };

        if (algorithm is not null)
        {
            context.SigningCredentials = await keys.GetAsync(algorithm, context.CancellationToken);
        }
    }

    /// <summary>What signs the id_tokens of a client.</summary>
    public static async ValueTask<string> ForIdentityTokenAsync(ClientCatalog clients, string? clientId, CancellationToken cancellationToken) =>
        clientId is not null && await clients.FindAsync(clientId, cancellationToken) is { } client
            ? client.Metadata.IdTokenSignedResponseAlg
            : Algorithms.RsaSha256;

    private async ValueTask<string> ForAccessTokenAsync(GenerateTokenContext context)
    {
        var known = await scopes.GetAsync(context.CancellationToken);
        foreach (var audience in context.Principal.GetAudiences())
        {
            if (known.Resources.TryGetValue(audience, out var resource) && resource.AccessTokenSignedResponseAlg != Algorithms.EcdsaSha256)
            {
                return resource.AccessTokenSignedResponseAlg;
            }
        }

        return Algorithms.EcdsaSha256;
    }
}
