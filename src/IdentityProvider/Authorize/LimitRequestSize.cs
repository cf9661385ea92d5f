using IdentityProvider.Audit;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Authorize;

/// <summary>
/// A request may have to wait for a person, and anybody can make one wait: it is kept only when it is no longer than requests are.
/// A browser would not carry a longer one back to its client either.
/// </summary>
internal sealed class LimitRequestSize : IOpenIddictServerHandler<ExtractAuthorizationRequestContext>
{
    private const int MaximumCharacters = 16 * 1024;

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ExtractAuthorizationRequestContext>()
            .UseSingletonHandler<LimitRequestSize>()
            .SetOrder(RestorePendingRequest.Descriptor.Order - 500)
            .Build();

    public ValueTask HandleAsync(ExtractAuthorizationRequestContext context)
    {
        if (context.Request?.GetParameters().Sum(parameter => parameter.Key.Length + (parameter.Value.ToString()?.Length ?? 0)) > MaximumCharacters)
        {
            Decision.Explain(context, "request.too_long");
            context.Reject(Errors.InvalidRequest, "The authorization request is too long.");
        }

        return ValueTask.CompletedTask;
    }
}
