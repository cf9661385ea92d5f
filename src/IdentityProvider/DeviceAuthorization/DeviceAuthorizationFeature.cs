using IdentityProvider.Configuration;
using IdentityProvider.Jobs;
using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>
/// Device authorization (RFC 8628): a device without a keyboard or a browser gets tokens after a person allowed it on another one.
/// Endpoints: /connect/device, /connect/token. Page: /device. Rows: DeviceRequest, UserCodeGuess; allowing makes a Grant.
/// Options: IdentityProvider:DeviceAuthorization. Discovery: device_authorization_endpoint.
/// The library extracts and validates the requests; codes, polling and the person's answer are ours.
/// </summary>
internal static class DeviceAuthorizationFeature
{
    public static IServiceCollection AddDeviceAuthorization(this IServiceCollection services)
    {
        services.AddSettings<DeviceAuthorizationOptions>(DeviceAuthorizationOptions.Section);
        return services
            .AddScoped<DeviceRequests>()
            .AddScoped<DeviceApprovals>()
            .AddScoped<UserCodeLimit>()
            .AddSingleton<RecurringJob, PruneDeviceRequests>();
    }

    public static OpenIddictServerBuilder UseDeviceAuthorization(this OpenIddictServerBuilder server)
    {
        // After the library's own check, which wants a verification endpoint of its own kind beside it: ours is a page like any other.
        server.Services.PostConfigure<OpenIddictServerOptions>(options =>
        {
            options.GrantTypes.Add(GrantTypes.DeviceCode);
            options.DeviceAuthorizationEndpointUris.Add(new Uri(Endpoints.DeviceAuthorization.TrimStart('/'), UriKind.Relative));
        });
        return server
            .Add(IgnoreOfflineAccess.Descriptor)              // OpenID Connect Core §11
            .Add(ValidateDeviceRequest.Descriptor)            // §3.1
            .Replace(Device.HandleDeviceAuthorizationRequest.Descriptor, AnswerDevice.Descriptor) // §3.2
            .Replace(ValidateDeviceCode.Descriptor, AcceptDeviceCode.Descriptor)
            .Add(ValidateDeviceTokenRequest.Descriptor)       // §3.4
            .Add(DeviceCodeGrant.Descriptor)                  // §3.5
            .Add(DescribeDeviceAuthorization.Descriptor);     // §4
    }
}
