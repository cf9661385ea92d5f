using IdentityProvider.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Revocation;

/// <summary>
/// RFC 7009 §2.1: a token is revoked by the client it was issued to. The library lets an audience revoke too, and anybody a token without one.
/// To anyone else the token does not exist: the answer is the 200 of an unknown token (§2.2), which tells nothing.
/// </summary>
internal sealed class OnlyThePresenter : IOpenIddictServerHandler<ValidateRevocationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateRevocationRequestContext>()
            .UseSingletonHandler<OnlyThePresenter>()
            .SetOrder(OpenIddictServerHandlers.Revocation.ValidateAuthorizedParty.Descriptor.Order)
            .Build();

    public ValueTask HandleAsync(ValidateRevocationRequestContext context)
    {
        if (context.ClientId is not { Length: > 0 } clientId || !context.GenericTokenPrincipal!.HasPresenter(clientId))
        {
            Decision.Explain(context, "token.other_client", Difference.NotAmong("client", context.ClientId, context.GenericTokenPrincipal!.GetPresenters()));
            context.Reject(Errors.InvalidToken, "The token was not issued to this client.");
        }

        return ValueTask.CompletedTask;
    }
}
