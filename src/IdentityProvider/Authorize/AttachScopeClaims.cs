using System.Text.Json;
using IdentityProvider.Claims;
using IdentityProvider.Data;
using IdentityProvider.Scopes;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>
/// OpenID Connect Core §5.4: with <c>response_type=id_token</c> no access token is ever issued with which the claims of the scopes could be
/// fetched from userinfo, so they stand in the id_token. In every other flow they do not.
/// </summary>
internal sealed class AttachScopeClaims(AppDbContext db, ScopeCatalog scopes) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseScopedHandler<AttachScopeClaims>()
            .SetOrder(PrepareIdentityTokenPrincipal.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Authorization || context.IdentityTokenPrincipal is not { } idToken
            || context.GenerateAccessToken || context.GenerateAuthorizationCode)
        {
            return;
        }

        var subject = context.Principal!.GetClaim(ClaimNames.Subject);
        var names = (await scopes.GetAsync(context.CancellationToken)).ClaimsOf(context.Principal!.GetScopes());
        if (names.Count == 0
            || await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Subject == subject, context.CancellationToken) is not { } user)
        {
            return;
        }

        foreach (var name in names)
        {
            if (StandardClaims.Find(user, name) is { } value)
            {
                idToken.SetClaim(name, (JsonElement)value);
            }
        }
    }
}
