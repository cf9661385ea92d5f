using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Claims;

/// <summary>
/// Keeps out of codes and refresh tokens which claim goes into which token: that is decided again when they are used (<see cref="ClaimDestinations"/>),
/// and would be a sixth of what is stored of them.
/// </summary>
internal sealed class OmitDestinations : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<OmitDestinations>()
            // Each token has a principal of its own by now.
            .SetOrder(PrepareUserCodePrincipal.Descriptor.Order + 500)
            .Build();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        ClaimDestinations.Remove(context.AuthorizationCodePrincipal);
        ClaimDestinations.Remove(context.RefreshTokenPrincipal);
        return ValueTask.CompletedTask;
    }
}
