using IdentityProvider.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlerFilters;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// Writes a code, or a refresh token that takes the place of nothing, and hands out a reference to it in place of its content.
/// The others are written by <see cref="RotateRefreshToken"/>.
/// </summary>
internal sealed class StoreToken(TokenRows rows) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
            .AddFilter<RequireTokenPayloadPersisted>()
            .UseScopedHandler<StoreToken>()
            .SetOrder(Protection.AttachTokenPayload.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        var id = Guid.Parse(context.Principal.GetTokenId()!);
        var reference = TokenReference.New(id);
        await rows.WriteAsync(id, reference, context.Token!, replaced: null, context.CancellationToken);
        context.Token = reference;
    }
}
