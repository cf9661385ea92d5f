using IdentityProvider.Audit;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>Tells clients of the endpoint (RFC 8628 §4), and the administrator of requests that were refused.</summary>
internal sealed class DescribeDeviceAuthorization(AuditLog audit) :
    IOpenIddictServerHandler<HandleConfigurationRequestContext>,
    IOpenIddictServerHandler<ApplyDeviceAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor InMetadata { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
            .UseSingletonHandler<DescribeDeviceAuthorization>()
            .SetOrder(Discovery.AttachAdditionalMetadata.Descriptor.Order + 550)
            .Build();

    public static OpenIddictServerHandlerDescriptor Refused { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyDeviceAuthorizationResponseContext>()
            .UseSingletonHandler<DescribeDeviceAuthorization>()
            .SetOrder(0)
            .Build();

    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        // RFC 8628 §4 defines the endpoint alone; how a client authenticates there is how it does at the token endpoint (§3.1).
        context.DeviceAuthorizationEndpointAuthenticationMethods.Clear();
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ApplyDeviceAuthorizationResponseContext context)
    {
        if (context.Response.Error is { } error)
        {
            audit.Record(AuditEventType.AuthorizationRefused, succeeded: false, clientId: context.Request?.ClientId,
                reason: $"{error}: {context.Response.ErrorDescription}");
        }

        return ValueTask.CompletedTask;
    }
}
