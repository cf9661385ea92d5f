using IdentityProvider.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>RFC 8628 §3.4: a device names scopes and resources when it asks for its codes, and a person sees them. Nothing can be named later.</summary>
internal sealed class ValidateDeviceTokenRequest : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenRequestContext>()
            .UseSingletonHandler<ValidateDeviceTokenRequest>()
            .SetOrder(Exchange.ValidateAuthorizedParty.Descriptor.Order + 250)
            .Build();

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        // The library refuses a scope here itself.
        if (context.Request.IsDeviceCodeGrantType() && context.Request.GetResources() is { Length: > 0 })
        {
            Decision.Explain(context, "resource.not_granted");
            context.Reject(Errors.InvalidTarget, "Resources are named in the device authorization request.");
        }

        return ValueTask.CompletedTask;
    }
}
