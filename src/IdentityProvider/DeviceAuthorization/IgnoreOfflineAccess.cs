using IdentityProvider.Clients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>OpenID Connect Core §11: a request for <c>offline_access</c> is ignored where no refresh token would follow. The library refuses it.</summary>
internal sealed class IgnoreOfflineAccess(ClientCatalog clients) : IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateDeviceAuthorizationRequestContext>()
            .UseSingletonHandler<IgnoreOfflineAccess>()
            .SetOrder(Device.ValidateScopeParameter.Descriptor.Order - 500)
            .Build();

    public async ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context)
    {
        if (context.Request.HasScope(KnownScopes.OfflineAccess)
            && context.Request.ClientId is { Length: > 0 } clientId
            && await clients.FindAsync(clientId, context.CancellationToken) is { } client
            && !client.MayUseGrant(GrantTypes.RefreshToken))
        {
            context.Request.Scope = string.Join(' ', context.Request.GetScopes().Where(scope => scope != KnownScopes.OfflineAccess));
        }
    }
}
