using IdentityProvider.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.UserInfo;

/// <summary>
/// A signed userinfo answer has the keys, the issuer and the audience of an id_token, and specifications give it no type of its own (RFC 8725 §2.8, §3.12).
/// It says nothing of a sign-in and never ends, so it must not come back as a hint: only an id_token has an expiry.
/// </summary>
internal sealed class RefuseAsIdToken : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseSingletonHandler<RefuseAsIdToken>()
            .SetOrder(Protection.ValidatePrincipal.Descriptor.Order + 500)
            .Build();

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal is { } principal && principal.HasTokenType(TokenTypeIdentifiers.IdentityToken) && principal.GetExpirationDate() is null)
        {
            Decision.Explain(context, "token.type");
            context.Reject(Errors.InvalidToken, "The token is not an id_token.");
        }

        return ValueTask.CompletedTask;
    }
}
