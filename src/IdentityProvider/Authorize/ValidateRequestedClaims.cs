using IdentityProvider.Audit;
using IdentityProvider.Claims;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>OpenID Connect Core §5.5: a <c>claims</c> parameter that cannot be read is refused, not ignored: a client may rely on the subject it names.</summary>
internal sealed class ValidateRequestedClaims : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<ValidateRequestedClaims>()
            .SetOrder(Authentication.ValidatePromptParameter.Descriptor.Order + 750)
            .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (RequestedClaims.Parse((string?)context.Request[Parameters.Claims]) is null)
        {
            Decision.Explain(context, "claims.unreadable");
            context.Reject(Errors.InvalidRequest, "The claims parameter must be a JSON object as OpenID Connect Core section 5.5 describes it.");
        }

        return ValueTask.CompletedTask;
    }
}
