using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.TokenExchange;

/// <summary>
/// The library wants the client itself among the audiences of a subject token, and takes one without an audience from anybody.
/// Our audiences are resources, so for an exchange its rule gives way to <see cref="ExchangePolicy"/>; for every other grant it stays.
/// </summary>
internal sealed class ValidateParties : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    private readonly Exchange.ValidateAuthorizedParty library = new();

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenRequestContext>()
            .UseSingletonHandler<ValidateParties>()
            .SetOrder(Exchange.ValidateAuthorizedParty.Descriptor.Order)
            .Build();

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (!context.Request.IsTokenExchangeGrantType())
        {
            return library.HandleAsync(context);
        }

        // Before the library's own comparison, which answers a widened scope with invalid_grant.
        if (context.Request.GetScopes().Any(scope => !context.SubjectTokenPrincipal!.HasScope(scope)))
        {
            context.Reject(Errors.InvalidScope, "A requested scope is not one of the subject token's.");
        }

        return ValueTask.CompletedTask;
    }
}
