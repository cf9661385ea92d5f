using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>
/// The scopes and resources of a device authorization request, by the rules of the authorization endpoint
/// (RFC 8628 §3.1, RFC 6749 §3.3, RFC 8707 §2): they must exist, be the client's to ask for, and belong together.
/// </summary>
internal sealed class ValidateDeviceRequest(ClientCatalog clients, ScopeCatalog scopes) :
    IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
{
    /// <summary>After the client proved who it is and that it may be here.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateDeviceAuthorizationRequestContext>()
            .UseSingletonHandler<ValidateDeviceRequest>()
            .SetOrder(Device.ValidateScopePermissions.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context)
    {
        if (context.Transaction.AuthenticatedClient() is not { } clientId || await clients.FindAsync(clientId, context.CancellationToken) is not { } client)
        {
            Decision.Explain(context, "client_id.unknown");
            context.Reject(Errors.InvalidClient, "The client is not known.");
            return;
        }

        var known = await scopes.GetAsync(context.CancellationToken);
        var requested = context.Request.GetScopes();
        var opened = known.ResourcesOf(requested);
        if (string.Join(' ', requested).Length > DeviceRequestConfiguration.LongestScopes
            || string.Join(' ', opened).Length > DeviceRequestConfiguration.LongestResources)
        {
            Decision.Explain(context, "scope.too_many");
            context.Reject(Errors.InvalidScope, "The request names more scopes than can be kept.");
        }
        else if (requested.FirstOrDefault(scope => !known.Contains(scope)) is { } unknown)
        {
            Decision.Explain(context, "scope.unknown", Difference.NotAmong(Parameters.Scope, unknown, client.Scopes));
            context.Reject(Errors.InvalidScope, "A requested scope does not exist.");
        }
        else if (requested.FirstOrDefault(scope => scope is not (KnownScopes.OpenId or KnownScopes.OfflineAccess) && !client.Scopes.Contains(scope)) is { } foreign)
        {
            Decision.Explain(context, "scope.not_allowed", Difference.NotAmong(Parameters.Scope, foreign, client.Scopes));
            context.Reject(Errors.InvalidScope, $"The scope {foreign} is not among those this client may ask for.");
        }
        else if (context.Request.GetResources().FirstOrDefault(resource => !opened.Contains(resource)) is { } closed)
        {
            Decision.Explain(context, "resource.not_allowed", Difference.NotAmong(Parameters.Resource, closed, opened));
            context.Reject(Errors.InvalidTarget, "A requested resource does not exist or none of the requested scopes belongs to it.");
        }
    }
}
