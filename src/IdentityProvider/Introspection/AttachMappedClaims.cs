using IdentityProvider.Claims;
using IdentityProvider.Extensibility;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Introspection;

/// <summary>Tells an API the claims that are mapped for it or for a scope of the token, as they are now (RFC 7662 §2.2). Nobody else is told, the token's holder neither.</summary>
internal sealed class AttachMappedClaims(ScopeCatalog scopes, MappedClaims mapped) : IOpenIddictServerHandler<HandleIntrospectionRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleIntrospectionRequestContext>()
            .UseSingletonHandler<AttachMappedClaims>()
            .SetOrder(AttachAccess.Find.Order + 250)
            .Build();

    public async ValueTask HandleAsync(HandleIntrospectionRequestContext context)
    {
        var token = context.GenericTokenPrincipal!;
        var known = await scopes.GetAsync(context.CancellationToken);
        if (!known.MapsClaims || AskingApi.Find(context.Transaction, token, known) is not { } asking || token.GetPresenters() is not [{ } presenter, ..])
        {
            return;
        }

        // A client that acts for itself signed in nowhere (RFC 9068 §2.2); whom a person's token means its grant knows.
        var isPerson = token.HasClaim(ClaimNames.AuthenticationTime);
        if ((isPerson ? PresentedGrant.Find(context.Transaction)?.Subject : token.GetClaim(ClaimNames.Subject)) is not { } subject)
        {
            return;
        }

        var occasion = new MappingOccasion(
            MappingTargets.Introspection, isPerson ? SubjectKind.Person : SubjectKind.Client, subject, presenter, [asking], token.GetScopes());
        foreach (var claim in await mapped.CollectAsync(context.Transaction, occasion, context.CancellationToken))
        {
            context.Claims.TryAdd(claim.Name, new OpenIddictParameter(claim.Value));
        }
    }
}
