using IdentityProvider.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>
/// A device asks for its tokens (RFC 8628 §3.4) and is told how things stand (§3.5).
/// When the person has allowed it, the grants turn what they allowed into tokens as they do for a code.
/// </summary>
internal sealed class DeviceCodeGrant(DeviceRequests requests) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleTokenRequestContext>()
            .AddFilter<RequireDeviceCode>()
            .UseScopedHandler<DeviceCodeGrant>()
            .SetOrder(Exchange.AttachPrincipal.Descriptor.Order + 250)
            .Build();

    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        switch (await requests.PollAsync(context.Request.DeviceCode!, context.ClientId!, context.CancellationToken))
        {
            case DevicePoll.Allowed allowed:
                context.DeviceCodePrincipal = allowed.Principal;
                break;
            case DevicePoll.Pending:
                context.Reject(Errors.AuthorizationPending, "The user has not answered yet.");
                break;
            case DevicePoll.TooSoon:
                context.Reject(Errors.SlowDown, "The device asks too often: add 5 seconds to the interval.");
                break;
            case DevicePoll.Denied:
                Decision.Explain(context, "device_code.denied");
                context.Reject(Errors.AccessDenied, "The user declined the request.");
                break;
            case DevicePoll.Expired:
                Decision.Explain(context, "device_code.expired");
                context.Reject(Errors.ExpiredToken, "The device code has expired.");
                break;
            case DevicePoll.Used:
                Decision.Explain(context, "device_code.used");
                context.Reject(Errors.InvalidGrant, "The device code has already been used.");
                break;
            default:
                Decision.Explain(context, "device_code.unknown");
                context.Reject(Errors.InvalidGrant, "The device code is not known.");
                break;
        }
    }

    // Other requests need nothing of what this one works with, and do not have it made.
    internal sealed class RequireDeviceCode : IOpenIddictServerHandlerFilter<HandleTokenRequestContext>
    {
        public ValueTask<bool> IsActiveAsync(HandleTokenRequestContext context) => new(context.Request.IsDeviceCodeGrantType());
    }
}
