using IdentityProvider.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>RFC 7636 §4.6: a code that was asked for with a challenge is not granted without its verifier. The library calls the request malformed.</summary>
internal sealed class RequireCodeVerifier : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenRequestContext>()
            .UseSingletonHandler<RequireCodeVerifier>()
            .SetOrder(Exchange.ValidateAuthentication.Descriptor.Order + 500)
            .Build();

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (context.Request.IsAuthorizationCodeGrantType()
            && string.IsNullOrEmpty(context.Request.CodeVerifier)
            && !string.IsNullOrEmpty(context.AuthorizationCodePrincipal?.GetClaim(ClaimNames.Private.CodeChallenge)))
        {
            Decision.Explain(context, "pkce.verifier_missing");
            context.Reject(Errors.InvalidGrant, "The code_verifier of this authorization code is missing.");
        }

        return ValueTask.CompletedTask;
    }
}
