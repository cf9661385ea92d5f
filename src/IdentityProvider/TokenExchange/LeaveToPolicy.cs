using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.TokenExchange;

/// <summary>
/// The library wants the client itself among the audiences of a subject token, takes one without an audience from anybody, and calls a widened scope
/// <c>invalid_grant</c>. Our audiences are resources, so for an exchange its rules give way to <see cref="ExchangePolicy"/> and
/// <see cref="ExchangedAccess"/>; for every other grant they stay.
/// </summary>
internal static class LeaveToPolicy
{
    public static OpenIddictServerHandlerDescriptor PartiesBuiltIn => Exchange.ValidateAuthorizedParty.Descriptor;

    public static OpenIddictServerHandlerDescriptor ScopesBuiltIn => Exchange.ValidateGrantedScopes.Descriptor;

    public static OpenIddictServerHandlerDescriptor Parties { get; } = For(PartiesBuiltIn, new Exchange.ValidateAuthorizedParty());

    public static OpenIddictServerHandlerDescriptor Scopes { get; } = For(ScopesBuiltIn, new Exchange.ValidateGrantedScopes());

    private static OpenIddictServerHandlerDescriptor For(
        OpenIddictServerHandlerDescriptor builtIn, IOpenIddictServerHandler<ValidateTokenRequestContext> library) =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenRequestContext>()
            .UseInlineHandler(context => context.Request.IsTokenExchangeGrantType() ? default : library.HandleAsync(context))
            .SetOrder(builtIn.Order)
            .Build();
}
