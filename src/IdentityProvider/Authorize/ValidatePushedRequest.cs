using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>
/// RFC 9126 §2.1: a pushed request is validated as one at the authorization endpoint would be, by the very same handlers.
/// They authenticate the client too, before anything else: how is decided by the endpoint.
/// </summary>
internal sealed class ValidatePushedRequest(IOpenIddictServerDispatcher dispatcher) : IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidatePushedAuthorizationRequestContext>()
            .UseScopedHandler<ValidatePushedRequest>()
            .SetOrder(Authentication.ValidatePushedRequestUriParameter.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context)
    {
        var validation = new ValidateAuthorizationRequestContext(context.Transaction);
        await dispatcher.DispatchAsync(validation);
        if (validation.IsRejected)
        {
            context.Reject(validation.Error ?? Errors.InvalidRequest, validation.ErrorDescription, validation.ErrorUri);
            return;
        }

        context.IdentityTokenHintPrincipal = validation.IdentityTokenHintPrincipal;
        if (validation.RedirectUri is { Length: > 0 } redirectUri)
        {
            context.SetRedirectUri(redirectUri);
        }
    }
}
