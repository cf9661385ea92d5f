using IdentityProvider.Clients;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>Refuses, at the token endpoint, scopes that do not exist, that the client may not have, or that were not granted (RFC 6749 §5.2, §6), and resources likewise (RFC 8707 §2.2).</summary>
internal sealed class ValidateClientScopes(ClientCatalog clients, ScopeCatalog scopes) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenRequestContext>()
            .UseSingletonHandler<ValidateClientScopes>()
            // Before the library's own comparison, which answers a widened scope with invalid_grant.
            .SetOrder(Exchange.ValidateAuthorizedParty.Descriptor.Order + 250)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var requested = context.Request.GetScopes();
        if ((context.AuthorizationCodePrincipal ?? context.RefreshTokenPrincipal) is { } granted
            && context.Request.GetResources().Any(resource => !granted.GetResources().Contains(resource)))
        {
            context.Reject(Errors.InvalidTarget, "A requested resource was not granted.");
            return;
        }

        var known = await scopes.GetAsync(context.CancellationToken);

        if (context.Request.IsRefreshTokenGrantType())
        {
            if (requested.Any(scope => !context.RefreshTokenPrincipal!.HasScope(scope)))
            {
                context.Reject(Errors.InvalidScope, "A requested scope was not granted.");
            }
            else if (requested.Length > 0 && !Open(known, requested, context.Request.GetResources()))
            {
                context.Reject(Errors.InvalidTarget, "None of the requested scopes belongs to a requested resource.");
            }

            return;
        }

        if (!context.Request.IsClientCredentialsGrantType() || await clients.FindAsync(context.ClientId!, context.CancellationToken) is not { } client)
        {
            return;
        }

        if (requested.Any(scope => !known.Contains(scope)))
        {
            context.Reject(Errors.InvalidScope, "A requested scope does not exist.");
        }
        else if (requested.Any(scope => scope is KnownScopes.OpenId or KnownScopes.OfflineAccess))
        {
            context.Reject(Errors.InvalidScope, "This grant has no user: openid and offline_access mean nothing here.");
        }
        else if (requested.FirstOrDefault(scope => !client.Scopes.Contains(scope)) is { } foreign)
        {
            context.Reject(Errors.InvalidScope, $"The scope {foreign} is not among those this client may ask for.");
        }
        else if (!Open(known, requested, context.Request.GetResources()))
        {
            context.Reject(Errors.InvalidTarget, "A requested resource does not exist or none of the requested scopes belongs to it.");
        }
    }

    private static bool Open(ScopeSet known, IEnumerable<string> requested, IReadOnlyList<string> resources) =>
        resources.Count == 0 || !resources.Except(known.ResourcesOf(requested), StringComparer.Ordinal).Any();
}
