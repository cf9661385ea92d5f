using IdentityProvider.Claims;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>A client gets an access token for itself (RFC 6749 §4.4): no id_token, no refresh token, no row.</summary>
internal sealed class ClientCredentialsGrant(ScopeCatalog scopes, Issuer issuer) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleTokenRequestContext>()
            .UseSingletonHandler<ClientCredentialsGrant>()
            .SetOrder(Exchange.AttachPrincipal.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsClientCredentialsGrantType())
        {
            return;
        }

        var known = await scopes.GetAsync(context.CancellationToken);
        IReadOnlyList<string> requested = context.Request.GetScopes();
        var resources = known.ResourcesOf(requested);
        if (context.Request.GetResources() is { Length: > 0 } wanted)
        {
            resources = [.. wanted.Distinct(StringComparer.Ordinal)];
            requested = known.WithinResources(requested, resources);
        }

        context.SignIn(PrincipalFactory.ForClient(context.ClientId!, requested, resources.Count > 0 ? resources : [issuer.Value]));
    }
}
