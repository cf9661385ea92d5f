using IdentityProvider.Audit;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Introspection;

/// <summary>
/// RFC 7662 §4: only whom a token concerns may look at it. An access token concerns its presenter and the clients of its audience resources;
/// a refresh token only its presenter. The error becomes <c>{"active":false}</c>.
/// </summary>
internal sealed class MayIntrospect(ScopeCatalog scopes) : IOpenIddictServerHandler<ValidateIntrospectionRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateIntrospectionRequestContext>()
            .UseSingletonHandler<MayIntrospect>()
            .SetOrder(OpenIddictServerHandlers.Introspection.ValidateAuthorizedParty.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(ValidateIntrospectionRequestContext context)
    {
        var token = context.GenericTokenPrincipal!;
        if (!token.HasTokenType(TokenTypeIdentifiers.AccessToken) && !token.HasTokenType(TokenTypeIdentifiers.RefreshToken))
        {
            // RFC 7662 §2.2: what is no token for this purpose is simply not active. The library would call it an error.
            Decision.Explain(context, "token.type");
            context.Reject(Errors.InvalidToken, "Tokens of this type cannot be introspected.");
            return;
        }

        if (context.ClientId is { Length: > 0 } clientId && token.HasPresenter(clientId))
        {
            return;
        }

        if (token.HasTokenType(TokenTypeIdentifiers.AccessToken))
        {
            var resources = (await scopes.GetAsync(context.CancellationToken)).Resources;
            if (token.GetAudiences().Any(audience => resources.TryGetValue(audience, out var resource) && resource.Clients.Contains(context.ClientId!)))
            {
                return;
            }
        }

        Decision.Explain(context, "introspection.not_for_client", Difference.NotAmong("audience of the token", null, token.GetAudiences()));
        context.Reject(Errors.InvalidToken, "The client may not introspect this token.");
    }
}
