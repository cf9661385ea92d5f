using IdentityProvider.Claims;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>
/// Takes the place of the library's look-up of device codes, which knows only its own rows. Nothing is decided here:
/// whether the client may use the grant at all is asked before its code is (<see cref="DeviceCodeGrant"/>).
/// </summary>
internal sealed class AcceptDeviceCode : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .AddFilter<OpenIddictServerHandlerFilters.RequireDeviceCodeValidated>()
            .UseSingletonHandler<AcceptDeviceCode>()
            .SetOrder(ValidateDeviceCode.Descriptor.Order)
            .Build();

    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientId is { Length: > 0 } clientId)
        {
            // The library insists on somebody to compare the client with, and grants nothing by it.
            context.DeviceCodePrincipal = PrincipalFactory.ForClient(clientId, [], []).SetPresenters(clientId);
        }

        return ValueTask.CompletedTask;
    }
}
