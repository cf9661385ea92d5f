using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Protocol;

/// <summary>The library's own <c>oi_*</c> claims are of no use to a client and do not belong in an id_token (OpenID Connect Core §2).</summary>
internal sealed class WithoutInternalClaims : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
            .UseSingletonHandler<WithoutInternalClaims>()
            .SetOrder(Protection.AttachTokenSubject.Descriptor.Order + 250)
            .Build();

    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType == TokenTypeIdentifiers.IdentityToken)
        {
            var identity = context.SecurityTokenDescriptor.Subject;
            foreach (var claim in identity.Claims.Where(claim => claim.Type.StartsWith(ClaimNames.Prefixes.Private, StringComparison.Ordinal)).ToList())
            {
                identity.RemoveClaim(claim);
            }
        }

        return ValueTask.CompletedTask;
    }
}
