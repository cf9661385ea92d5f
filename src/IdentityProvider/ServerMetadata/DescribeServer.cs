using System.Collections.Immutable;
using IdentityProvider.Claims;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using IdentityProvider.Sessions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.ServerMetadata;

/// <summary>Adds what the library does not know of this server, and takes back what is not so.</summary>
internal sealed class DescribeServer(ScopeCatalog scopes) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    private static readonly string[] ProtocolClaims =
    [
        ClaimNames.Audience, ClaimNames.ExpiresAt, ClaimNames.IssuedAt, ClaimNames.Issuer, ClaimNames.AuthenticationTime,
        ClaimNames.AuthenticationContextReference, ClaimNames.AuthenticationMethodReference, PrincipalFactory.SessionIdClaim,
    ];

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
            .UseSingletonHandler<DescribeServer>()
            .SetOrder(Discovery.AttachAdditionalMetadata.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        var known = await scopes.GetAsync(context.CancellationToken);
        context.Scopes.Clear();
        context.Scopes.UnionWith(known.Scopes.Keys);
        context.Claims.Clear();
        context.Claims.UnionWith(StandardClaims.All);
        context.Claims.UnionWith(ProtocolClaims);
        context.Claims.UnionWith(known.ClaimsOf(known.Scopes.Keys));

        // What a client can register. The key set holds keys only for those that somebody did.
        context.IdTokenSigningAlgorithms.Clear();
        context.IdTokenSigningAlgorithms.UnionWith(SignatureAlgorithms.All);
        context.Metadata["userinfo_signing_alg_values_supported"] = ImmutableArray.Create<string?>([.. SignatureAlgorithms.All]);

        // RFC 9126 §5: there they are the methods of the token endpoint.
        context.PushedAuthorizationEndpointAuthenticationMethods.Clear();

        // A public client proves nothing: it exchanges its code with PKCE and may revoke its own tokens.
        context.TokenEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.RevocationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);

        context.Metadata["acr_values_supported"] = ImmutableArray.Create<string?>([.. AcrValues.All]);
        context.Metadata["claim_types_supported"] = ImmutableArray.Create<string?>("normal");
        context.Metadata["ui_locales_supported"] = ImmutableArray.Create<string?>("en");
    }
}
