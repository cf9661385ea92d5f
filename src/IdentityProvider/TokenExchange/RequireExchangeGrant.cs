using IdentityProvider.Audit;
using IdentityProvider.Clients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.TokenExchange;

/// <summary>
/// A client without this grant is told so before the tokens it sends are looked at: otherwise its errors would tell it which tokens are live
/// (RFC 6749 §5.2, RFC 8693 §5).
/// </summary>
internal sealed class RequireExchangeGrant(ClientCatalog clients) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseSingletonHandler<RequireExchangeGrant>()
            .SetOrder(ValidateSubjectToken.Descriptor.Order - 500)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token || !context.Request.IsTokenExchangeGrantType())
        {
            return;
        }

        var client = context.ClientId is { Length: > 0 } clientId ? await clients.FindAsync(clientId, context.CancellationToken) : null;
        if (client is not { IsPublic: false } || !client.MayUseGrant(GrantTypes.TokenExchange))
        {
            Decision.Explain(context, "grant_type.not_registered",
                client is null ? null : Difference.NotAmong(Parameters.GrantType, GrantTypes.TokenExchange, client.Metadata.GrantTypes));
            context.Reject(Errors.UnauthorizedClient, "This client is not registered for token exchange.");
        }
    }
}
