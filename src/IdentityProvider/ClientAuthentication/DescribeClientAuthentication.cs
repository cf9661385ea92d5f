using System.Collections.Immutable;
using IdentityProvider.Protocol;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.ClientAuthentication;

/// <summary>The algorithms of client assertions, which RFC 8414 §2 demands where <c>private_key_jwt</c> is offered.</summary>
internal sealed class DescribeClientAuthentication : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    private static readonly string[] members =
    [
        "token_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint_auth_signing_alg_values_supported",
        "revocation_endpoint_auth_signing_alg_values_supported",
    ];

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
            .UseSingletonHandler<DescribeClientAuthentication>()
            .SetOrder(Discovery.AttachAdditionalMetadata.Descriptor.Order + 600)
            .Build();

    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        foreach (var member in members)
        {
            context.Metadata[member] = ImmutableArray.Create<string?>([.. SignatureAlgorithms.All]);
        }

        return ValueTask.CompletedTask;
    }
}
