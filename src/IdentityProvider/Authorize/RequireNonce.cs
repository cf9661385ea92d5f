using IdentityProvider.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>
/// OpenID Connect Core §3.2.2.1, §3.3.2.11: an id_token that comes through the browser must be bound to the client's own session by a <c>nonce</c>.
/// The library asks <c>code token</c> for one too, where no such id_token is issued.
/// </summary>
internal sealed class RequireNonce : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<RequireNonce>()
            .SetOrder(Authentication.ValidateNonceParameter.Descriptor.Order)
            .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.Request.HasResponseType(ResponseTypes.IdToken) && string.IsNullOrEmpty(context.Request.Nonce))
        {
            Decision.Explain(context, "nonce.missing");
            context.Reject(Errors.InvalidRequest, "The nonce parameter is required when the response_type contains id_token.");
        }

        return ValueTask.CompletedTask;
    }
}
