using System.Collections.Immutable;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// RFC 8707 §2.2: of the resources of a grant, an access token is for those the token request names, and on a refresh with fewer scopes
/// only for those these scopes open. The library would make every token for all of them.
/// </summary>
internal sealed class LimitAudiences(ScopeCatalog scopes, Issuer issuer) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<LimitAudiences>()
            .SetOrder(PrepareAccessTokenPrincipal.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token || context.AccessTokenPrincipal is not { } token
            || context.Request.IsClientCredentialsGrantType() || context.Request.IsTokenExchangeGrantType())
        {
            return;
        }

        IEnumerable<string> audiences = token.GetAudiences();
        if (context.Request.GetResources() is { Length: > 0 } wanted)
        {
            audiences = audiences.Where(wanted.Contains);
        }

        if (context.Request.IsRefreshTokenGrantType() && !string.IsNullOrEmpty(context.Request.Scope))
        {
            var opened = (await scopes.GetAsync(context.CancellationToken)).ResourcesOf(token.GetScopes());
            audiences = audiences.Where(opened.Contains);
        }

        token.SetAudiences(audiences.DefaultIfEmpty(issuer.Value).ToImmutableArray());
    }
}
