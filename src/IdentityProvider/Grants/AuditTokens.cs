using IdentityProvider.Audit;
using IdentityProvider.Claims;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Grants;

/// <summary>
/// Leaves the administrator a record of the tokens that were issued, at whichever endpoint. What was refused is a <see cref="DecisionRecord"/>.
/// </summary>
internal sealed class AuditTokens(AuditLog audit) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<AuditTokens>()
            .SetOrder(OpenIddictServerHandlers.AttachSignInParameters.Descriptor.Order + 500)
            .Build();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        // An exchange has an event of its own, which knows whose token it was.
        if ((context.EndpointType == OpenIddictServerEndpointType.Token && !context.Request.IsTokenExchangeGrantType())
            || (context.EndpointType == OpenIddictServerEndpointType.Authorization && (context.IncludeAccessToken || context.IncludeIdentityToken)))
        {
            audit.Record(AuditEventType.TokenIssued, succeeded: true,
                context.Principal?.GetClaim(ClaimNames.Subject), context.ClientId,
                context.Principal?.GetClaim(PrincipalFactory.SessionIdClaim), context.Request.GrantType ?? context.Request.ResponseType);
        }

        return ValueTask.CompletedTask;
    }
}
