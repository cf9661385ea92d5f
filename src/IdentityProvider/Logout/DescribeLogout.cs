using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Logout;

/// <summary>
/// OpenID Connect Front-Channel Logout §3, Session Management §3.3. The frame is named only where some client registered for it:
/// libraries start watching wherever they find the name, and the page would not let them frame it.
/// </summary>
internal sealed class DescribeLogout(ClientCatalog clients, Issuer issuer) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
            .UseSingletonHandler<DescribeLogout>()
            .SetOrder(Discovery.AttachAdditionalMetadata.Descriptor.Order + 700)
            .Build();

    public async ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.Metadata["frontchannel_logout_supported"] = true;
        context.Metadata["frontchannel_logout_session_supported"] = true;
        if ((await clients.WatchingOriginsAsync(context.CancellationToken)).Count > 0)
        {
            context.Metadata["check_session_iframe"] = issuer.UrlOf(Endpoints.CheckSession);
        }
    }
}
