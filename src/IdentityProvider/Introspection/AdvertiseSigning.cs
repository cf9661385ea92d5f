using System.Collections.Immutable;
using IdentityProvider.Protocol;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Introspection;

/// <summary>RFC 9701 §7: what introspection answers can be signed with.</summary>
internal static class AdvertiseSigning
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
            .UseInlineHandler(static context =>
            {
                context.Metadata["introspection_signing_alg_values_supported"] = ImmutableArray.Create<string?>([.. SignatureAlgorithms.All]);
                return ValueTask.CompletedTask;
            })
            .SetOrder(Discovery.AttachAdditionalMetadata.Descriptor.Order + 600)
            .Build();
}
