using IdentityProvider.Clients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>
/// OpenID Connect Core §11: a request for <c>offline_access</c> is ignored where no refresh token would follow. The library refuses it.
/// </summary>
internal sealed class IgnoreOfflineAccess(ClientCatalog clients) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<IgnoreOfflineAccess>()
            .SetOrder(Authentication.ValidateScopeParameter.Descriptor.Order - 500)
            .Build();

    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        // Without a code in the answer there is nothing to exchange for one, whatever the client may do otherwise.
        if (context.Request.HasScope(KnownScopes.OfflineAccess)
            && (!context.Request.HasResponseType(ResponseTypes.Code)
                || (await clients.FindAsync(context.ClientId!, context.CancellationToken) is { } client && !client.MayUseGrant(GrantTypes.RefreshToken))))
        {
            context.Request.Scope = string.Join(' ', context.Request.GetScopes().Where(scope => scope != KnownScopes.OfflineAccess));
        }
    }
}
