using IdentityProvider.Clients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// A client registered for <c>refresh_token</c> gets one, whether or not it asked for <c>offline_access</c>:
/// without it the token ends with the session, with it the token survives a logout.
/// </summary>
internal sealed class IssueRefreshTokens(ClientCatalog clients) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<IssueRefreshTokens>()
            .SetOrder(EvaluateGeneratedTokens.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token)
        {
            return;
        }

        var person = context.Request.IsAuthorizationCodeGrantType() || context.Request.IsDeviceCodeGrantType() || context.Request.IsRefreshTokenGrantType();
        var registered = person
            && await clients.FindAsync(context.ClientId!, context.CancellationToken) is { } client
            && client.MayUseGrant(GrantTypes.RefreshToken);
        context.GenerateRefreshToken = context.IncludeRefreshToken = registered;
    }
}
