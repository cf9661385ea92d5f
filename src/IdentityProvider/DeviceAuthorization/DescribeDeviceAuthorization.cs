using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>Tells clients of the endpoint (RFC 8628 §4).</summary>
internal static class DescribeDeviceAuthorization
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
            .UseInlineHandler(static context =>
            {
                // RFC 8628 §4 defines the endpoint alone; how a client authenticates there is how it does at the token endpoint (§3.1).
                context.DeviceAuthorizationEndpointAuthenticationMethods.Clear();
                return ValueTask.CompletedTask;
            })
            .SetOrder(Discovery.AttachAdditionalMetadata.Descriptor.Order + 550)
            .Build();
}
