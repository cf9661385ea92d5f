using IdentityProvider.Audit;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Authorize;

/// <summary>Leaves the administrator a record of why an authorization request was refused.</summary>
internal sealed class AuditRefusals(AuditLog audit) :
    IOpenIddictServerHandler<ApplyAuthorizationResponseContext>,
    IOpenIddictServerHandler<ApplyPushedAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseSingletonHandler<AuditRefusals>()
            .SetOrder(0)
            .Build();

    public static OpenIddictServerHandlerDescriptor Pushed { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyPushedAuthorizationResponseContext>()
            .UseSingletonHandler<AuditRefusals>()
            .SetOrder(0)
            .Build();

    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context) => Record(context);

    public ValueTask HandleAsync(ApplyPushedAuthorizationResponseContext context) => Record(context);

    private ValueTask Record(BaseRequestContext context)
    {
        if (context.Transaction.Response is { Error: { } error } response)
        {
            audit.Record(AuditEventType.AuthorizationRefused, succeeded: false, clientId: context.Transaction.Request?.ClientId,
                reason: $"{error}: {response.ErrorDescription}");
        }

        return ValueTask.CompletedTask;
    }
}
