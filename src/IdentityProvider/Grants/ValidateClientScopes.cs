using IdentityProvider.Audit;
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
            && context.Request.GetResources().FirstOrDefault(resource => !granted.GetResources().Contains(resource)) is { } foreignResource)
        {
            Decision.Explain(context, "resource.not_granted", Difference.NotAmong(Parameters.Resource, foreignResource, granted.GetResources()));
            context.Reject(Errors.InvalidTarget, "A requested resource was not granted.");
            return;
        }

        var known = await scopes.GetAsync(context.CancellationToken);

        if (context.Request.IsRefreshTokenGrantType())
        {
            if (requested.FirstOrDefault(scope => !context.RefreshTokenPrincipal!.HasScope(scope)) is { } wider)
            {
                Decision.Explain(context, "scope.not_granted", Difference.NotAmong(Parameters.Scope, wider, context.RefreshTokenPrincipal!.GetScopes()));
                context.Reject(Errors.InvalidScope, "A requested scope was not granted.");
            }
            else if (requested.Length > 0 && !Open(known, requested, context.Request.GetResources()))
            {
                RefuseResource(context, known.ResourcesOf(requested), "None of the requested scopes belongs to a requested resource.");
            }

            return;
        }

        if (!context.Request.IsClientCredentialsGrantType() || await clients.FindAsync(context.ClientId!, context.CancellationToken) is not { } client)
        {
            return;
        }

        if (requested.FirstOrDefault(scope => !known.Contains(scope)) is { } unknown)
        {
            Decision.Explain(context, "scope.unknown", Difference.NotAmong(Parameters.Scope, unknown, client.Scopes));
            context.Reject(Errors.InvalidScope, "A requested scope does not exist.");
        }
        else if (requested.Any(scope => scope is KnownScopes.OpenId or KnownScopes.OfflineAccess))
        {
            Decision.Explain(context, "scope.no_user");
            context.Reject(Errors.InvalidScope, "This grant has no user: openid and offline_access mean nothing here.");
        }
        else if (requested.FirstOrDefault(scope => !client.Scopes.Contains(scope)) is { } foreign)
        {
            Decision.Explain(context, "scope.not_allowed", Difference.NotAmong(Parameters.Scope, foreign, client.Scopes));
            context.Reject(Errors.InvalidScope, $"The scope {foreign} is not among those this client may ask for.");
        }
        else if (!Open(known, requested, context.Request.GetResources()))
        {
            RefuseResource(context, known.ResourcesOf(requested), "A requested resource does not exist or none of the requested scopes belongs to it.");
        }
    }

    private static void RefuseResource(ValidateTokenRequestContext context, IReadOnlyList<string> opened, string description)
    {
        var closed = context.Request.GetResources().First(resource => !opened.Contains(resource));
        Decision.Explain(context, "resource.not_allowed", Difference.NotAmong(Parameters.Resource, closed, opened));
        context.Reject(Errors.InvalidTarget, description);
    }

    private static bool Open(ScopeSet known, IEnumerable<string> requested, IReadOnlyList<string> resources) =>
        resources.Count == 0 || !resources.Except(known.ResourcesOf(requested), StringComparer.Ordinal).Any();
}
