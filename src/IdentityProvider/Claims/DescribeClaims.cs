using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Claims;

/// <summary>OpenID Connect Discovery §3: that the <c>claims</c> parameter and pairwise subjects are here. The library says the contrary.</summary>
internal static class DescribeClaims
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
            .UseInlineHandler(static context =>
            {
                context.SubjectTypes.Add(SubjectTypes.Pairwise);
                context.Metadata[Metadata.ClaimsParameterSupported] = true;
                return ValueTask.CompletedTask;
            })
            .SetOrder(Discovery.AttachAdditionalMetadata.Descriptor.Order + 600)
            .Build();
}
