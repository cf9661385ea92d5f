using System.Security.Claims;
using IdentityProvider.Claims;
using IdentityProvider.Permissions;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Introspection;

/// <summary>
/// Tells an API what the token's person or client may do there now (RFC 9068 §2.2.3.1, RFC 7662 §2.2), whatever the token said when it was issued and also
/// where it says nothing. A caller learns of the resource that names it and of no other; one that several of the token's resources name could not tell
/// which is meant, and learns nothing, be it that only one of them owns permissions.
/// </summary>
internal sealed class AttachAccess(ScopeCatalog scopes, AccessHolders holders) : IOpenIddictServerHandler<HandleIntrospectionRequestContext>
{
    private static readonly string property = typeof(AttachAccess).FullName!;

    /// <summary>While it is known which token is asked about.</summary>
    public static OpenIddictServerHandlerDescriptor Find { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleIntrospectionRequestContext>()
            .UseSingletonHandler<AttachAccess>()
            .SetOrder(AttachTokenClaims.Descriptor.Order + 500)
            .Build();

    /// <summary>Into the finished answer, before it is signed: of the claims it is made from the library drops empty lists, which here say that there is nothing.</summary>
    public static OpenIddictServerHandlerDescriptor Tell { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyIntrospectionResponseContext>()
            .UseInlineHandler(static context =>
            {
                if (context.Transaction.GetProperty<EffectiveAccess>(property) is { } access && (bool?) context.Response[ClaimNames.Active] is true)
                {
                    foreach (var (name, values) in AccessClaims.Of(access))
                    {
                        context.Response.AddParameter(name, new OpenIddictParameter([.. values]));
                    }
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(OpenIddictServerAspNetCoreHandlers.ProcessJsonResponse<ApplyIntrospectionResponseContext>.Descriptor.Order - 750)
            .Build();

    public async ValueTask HandleAsync(HandleIntrospectionRequestContext context)
    {
        var token = context.GenericTokenPrincipal!;
        if (AskingApi.Find(context.Transaction, token, await scopes.GetAsync(context.CancellationToken)) is { } asking
            && HolderOf(context, token) is { } holder
            && await holders.FindAsync(holder, asking, context.CancellationToken) is { } access)
        {
            RememberedAccess.Remember(context.Transaction, asking, access);
            context.Transaction.SetProperty(property, access);
        }
    }

    // Whose grant it is was read when it was found to be alive.
    private static AccessHolder? HolderOf(HandleIntrospectionRequestContext context, ClaimsPrincipal token) =>
        token.HasClaim(ClaimNames.AuthenticationTime) && PresentedGrant.Find(context.Transaction)?.Subject is { } subject
            ? new AccessHolder.Person(subject)
            : AccessHolder.OfToken(token);
}
