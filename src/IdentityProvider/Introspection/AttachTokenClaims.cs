using IdentityProvider.Claims;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Introspection;

/// <summary>
/// What an introspection response says beyond the library's own members (RFC 7662 §2.2): the scopes, and how and when the person signed in (RFC 9068 §2.2.1).
/// The library would tell these only to a client that is itself an audience; ours are resources.
/// </summary>
internal sealed class AttachTokenClaims : IOpenIddictServerHandler<HandleIntrospectionRequestContext>
{
    private static readonly string[] AuthenticationClaims = [ClaimNames.AuthenticationTime, ClaimNames.AuthenticationContextReference, ClaimNames.AuthenticationMethodReference];

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleIntrospectionRequestContext>()
            .UseSingletonHandler<AttachTokenClaims>()
            .SetOrder(OpenIddictServerHandlers.Introspection.AttachApplicationClaims.Descriptor.Order)
            .Build();

    public ValueTask HandleAsync(HandleIntrospectionRequestContext context)
    {
        var token = context.GenericTokenPrincipal!;
        context.Scopes.UnionWith(token.GetScopes());
        context.TokenUsage = null;
        if (!token.HasTokenType(TokenTypeIdentifiers.AccessToken))
        {
            return ValueTask.CompletedTask;
        }

        // RFC 8693 §7.4: who acts is told like any other claim.
        foreach (var name in new[] { ActorClaim.Act, ActorClaim.MayAct })
        {
            if (ActorClaim.Parameter(token, name) is { } actor)
            {
                context.Claims[name] = actor;
            }
        }

        foreach (var name in AuthenticationClaims)
        {
            switch (token.GetClaims(name))
            {
                case []:
                    break;
                case [var time] when name == ClaimNames.AuthenticationTime && long.TryParse(time, out var seconds):
                    context.Claims[name] = new OpenIddictParameter(seconds);
                    break;
                case var methods when name == ClaimNames.AuthenticationMethodReference:
                    context.Claims[name] = new OpenIddictParameter([.. methods]);
                    break;
                case [var value, ..]:
                    context.Claims[name] = new OpenIddictParameter(value);
                    break;
            }
        }

        return ValueTask.CompletedTask;
    }
}
