using IdentityProvider.Clients;
using IdentityProvider.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// An authorization response without a code (OpenID Connect Core §3.2) is a grant too: its access token must die with the session.
/// The library makes grants only for what has a row of its own.
/// </summary>
internal sealed class GrantWithoutCode(IOpenIddictAuthorizationManager grants, ProtocolDbContext db, ClientCatalog clients, TimeProvider clock)
    : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseScopedHandler<GrantWithoutCode>()
            .SetOrder(AttachAuthorization.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Authorization || context.GenerateAuthorizationCode
            || context.Principal is not { } principal || principal.GetAuthorizationId() is not null)
        {
            return;
        }

        var client = await clients.FindAsync(context.ClientId!, context.CancellationToken)
            ?? throw new InvalidOperationException("The client was removed while its request was being answered.");
        var descriptor = new OpenIddictAuthorizationDescriptor
        {
            ApplicationId = client.Id.ToString(),
            CreationDate = clock.GetUtcNow(),
            Principal = principal,
            Status = Statuses.Valid,
            Subject = principal.GetClaim(ClaimNames.Subject),
            Type = AuthorizationTypes.AdHoc,
        };
        descriptor.Scopes.UnionWith(principal.GetScopes());
        var grant = await grants.CreateAsync(descriptor, context.CancellationToken);
        // No token follows with which it would be written.
        await db.SaveChangesAsync(context.CancellationToken);
        principal.SetAuthorizationId(await grants.GetIdAsync(grant, context.CancellationToken));
    }
}
