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
/// only for those these scopes open; a scope that belongs only to other resources is not in it. The refresh token keeps everything.
/// The library would make every token for all of them.
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
        var wanted = context.Request.GetResources();
        var fewerScopes = context.Request.IsRefreshTokenGrantType() && !string.IsNullOrEmpty(context.Request.Scope);
        var known = await scopes.GetAsync(context.CancellationToken);
        if (!wanted.IsEmpty)
        {
            audiences = audiences.Where(wanted.Contains);
        }

        if (fewerScopes)
        {
            audiences = audiences.Where(known.ResourcesOf(token.GetScopes()).Contains);
        }

        token.SetAudiences(audiences.DefaultIfEmpty(issuer.Value).ToImmutableArray());
        if (!wanted.IsEmpty)
        {
            token.SetScopes(known.WithinResources(token.GetScopes(), token.GetAudiences()));
        }
    }
}
