using IdentityProvider.Audit;
using IdentityProvider.Claims;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Grants;

/// <summary>Leaves the administrator a record of what the token endpoint issued and refused, and why.</summary>
internal sealed class AuditTokens(AuditLog audit) :
    IOpenIddictServerHandler<ProcessSignInContext>,
    IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Issued { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<AuditTokens>()
            .SetOrder(OpenIddictServerHandlers.AttachSignInParameters.Descriptor.Order + 500)
            .Build();

    public static OpenIddictServerHandlerDescriptor Refused { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyTokenResponseContext>()
            .UseSingletonHandler<AuditTokens>()
            .SetOrder(0)
            .Build();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType == OpenIddictServerEndpointType.Token)
        {
            audit.Record(AuditEventType.TokenIssued, succeeded: true,
                context.Principal?.GetClaim(ClaimNames.Subject), context.ClientId,
                context.Principal?.GetClaim(PrincipalFactory.SessionIdClaim), context.Request.GrantType);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        // A device that waits for its person asks every few seconds; that is no refusal (RFC 8628 §3.5).
        if (context.Response.Error is { } error and not (Errors.AuthorizationPending or Errors.SlowDown))
        {
            audit.Record(AuditEventType.TokenRefused, succeeded: false, clientId: context.Request?.ClientId,
                reason: $"{error}: {context.Response.ErrorDescription}");
        }

        return ValueTask.CompletedTask;
    }
}
