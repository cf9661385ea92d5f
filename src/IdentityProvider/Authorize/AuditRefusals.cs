using IdentityProvider.Audit;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Authorize;

/// <summary>Leaves the administrator a record of why an authorization request was refused.</summary>
internal sealed class AuditRefusals(AuditLog audit) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseSingletonHandler<AuditRefusals>()
            .SetOrder(0)
            .Build();

    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.Response.Error is { } error)
        {
            audit.Record(AuditEventType.AuthorizationRefused, succeeded: false, clientId: context.Request?.ClientId,
                reason: $"{error}: {context.Response.ErrorDescription}");
        }

        return ValueTask.CompletedTask;
    }
}
