using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>Refuses scopes that do not exist or that the client may not ask for (RFC 6749 §4.1.2.1, <c>invalid_scope</c>) and resources that no asked scope opens (RFC 8707 §2).</summary>
internal sealed class ValidateRequestedScopes(ClientCatalog clients, ScopeCatalog scopes) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<ValidateRequestedScopes>()
            .SetOrder(Authentication.ValidateResponseTypePermissions.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (await clients.FindAsync(context.ClientId!, context.CancellationToken) is not { } client)
        {
            Decision.Explain(context, "client_id.unknown");
            context.Reject(Errors.InvalidRequest, "The client is not known.");
            return;
        }

        var known = await scopes.GetAsync(context.CancellationToken);
        var requested = context.Request.GetScopes();
        if (requested.FirstOrDefault(scope => !known.Contains(scope)) is { } unknown)
        {
            Decision.Explain(context, "scope.unknown", Difference.NotAmong(Parameters.Scope, unknown, client.Scopes));
            context.Reject(Errors.InvalidScope, "A requested scope does not exist.");
            return;
        }

        // openid and offline_access are about the protocol; the registration's grant types decide over them.
        if (requested.FirstOrDefault(scope => scope is not (KnownScopes.OpenId or KnownScopes.OfflineAccess) && !client.Scopes.Contains(scope)) is { } foreign)
        {
            Decision.Explain(context, "scope.not_allowed", Difference.NotAmong(Parameters.Scope, foreign, client.Scopes));
            context.Reject(Errors.InvalidScope, $"The scope {foreign} is not among those this client may ask for.");
            return;
        }

        var resources = known.ResourcesOf(requested);
        if (context.Request.GetResources().FirstOrDefault(resource => !resources.Contains(resource)) is { } closed)
        {
            Decision.Explain(context, "resource.not_allowed", Difference.NotAmong(Parameters.Resource, closed, resources));
            context.Reject(Errors.InvalidTarget, "A requested resource does not exist or none of the requested scopes belongs to it.");
        }
    }
}
