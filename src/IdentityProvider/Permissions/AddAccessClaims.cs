using System.Security.Claims;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Permissions;

/// <summary>
/// Tells an API in its access token what the person or the client may do there, as it is at this moment (RFC 9068 §2.2.3.1). Only in a token for one
/// resource: in one for several each would read what is the others' business, and would not know which is whose.
/// </summary>
internal sealed class AddAccessClaims(AccessHolders holders, IOptions<PermissionOptions> options) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<AddAccessClaims>()
            // After the tokens are prepared and their audiences are known.
            .SetOrder(PrepareUserCodePrincipal.Descriptor.Order + 300)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context is { Principal: { } principal, AccessTokenPrincipal: { Identity: ClaimsIdentity identity } token }
            && token.GetAudiences() is [{ Length: > 0 } resource]
            && HolderOf(context, principal) is { } holder
            && await holders.FindAsync(holder, resource, context.CancellationToken) is { } access)
        {
            RememberedAccess.Remember(context.Transaction, resource, access);
            AccessClaims.Add(identity, access, options.Value.LargestClaims);
        }
    }

    /// <summary>
    /// Whom the tokens stand for: what is signed in here names a person by their own subject, unless it was exchanged for a token that names them otherwise.
    /// </summary>
    public static AccessHolder? HolderOf(ProcessSignInContext context, ClaimsPrincipal principal) =>
        principal.HasClaim(ClaimNames.AuthenticationTime)
        && !(context.EndpointType == OpenIddictServerEndpointType.Token && context.Request.IsTokenExchangeGrantType())
            ? new AccessHolder.Person(principal.GetClaim(ClaimNames.Subject)!)
            : AccessHolder.OfToken(principal);
}
