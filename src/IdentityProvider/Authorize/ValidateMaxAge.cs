using IdentityProvider.Audit;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>OpenID Connect Core §3.1.2.1: <c>max_age</c> is a number of seconds. What is not one is refused, not ignored: the client relies on it.</summary>
internal sealed class ValidateMaxAge : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<ValidateMaxAge>()
            .SetOrder(Authentication.ValidatePromptParameter.Descriptor.Order + 500)
            .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        // 68 years in seconds still fit; anything longer is no age.
        if (context.Request.HasParameter(Parameters.MaxAge) && context.Request.MaxAge is not (>= 0 and <= int.MaxValue))
        {
            Decision.Explain(context, "max_age.number");
            context.Reject(Errors.InvalidRequest, "The max_age parameter must be a number of seconds.");
        }

        return ValueTask.CompletedTask;
    }
}
