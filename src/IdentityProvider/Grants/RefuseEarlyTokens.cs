using System.Globalization;
using IdentityProvider.Audit;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// A token does not count before its time (RFC 7519 §4.1.5). The library looks at the end alone, because neither it nor this server puts a beginning into any;
/// what was signed with a key of this server all the same is read as it says.
/// </summary>
internal sealed class RefuseEarlyTokens(TimeProvider clock) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseSingletonHandler<RefuseEarlyTokens>()
            .SetOrder(Protection.ValidateExpirationDate.Descriptor.Order + 500)
            .Build();

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (!context.DisableLifetimeValidation && context.Principal?.FindFirst(ClaimNames.NotBefore)?.Value is { } beginning && !HasBegun(beginning))
        {
            Decision.Explain(context, "token.early");
            context.Reject(Errors.InvalidToken, "The token is not valid yet.");
        }

        return ValueTask.CompletedTask;
    }

    private bool HasBegun(string beginning) =>
        long.TryParse(beginning, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds <= clock.GetUtcNow().ToUnixTimeSeconds();
}
