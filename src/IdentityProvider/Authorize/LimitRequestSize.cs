using IdentityProvider.Audit;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Authorize;

/// <summary>
/// A request may have to wait for a person, and anybody can make one wait: it is kept only when it is no longer than requests are.
/// A browser would not carry a longer one back to its client either.
/// </summary>
internal static class LimitRequestSize
{
    private const int MaximumCharacters = 16 * 1024;
    private const string TooLong = "IdentityProvider.RequestTooLong";

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = For<ExtractAuthorizationRequestContext>();

    public static OpenIddictServerHandlerDescriptor Pushed { get; } = For<ExtractPushedAuthorizationRequestContext>();

    /// <summary>Whether this is what the request was refused for.</summary>
    public static bool Refused(OpenIddictServerTransaction transaction) => transaction.GetProperty<object>(TooLong) is not null;

    private static OpenIddictServerHandlerDescriptor For<TContext>() where TContext : BaseValidatingContext =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<TContext>()
            .UseInlineHandler(Handle)
            .SetOrder(RestorePendingRequest.Descriptor.Order - 500)
            .Build();

    private static ValueTask Handle(BaseValidatingContext context)
    {
        if (context.Transaction.Request?.GetParameters().Sum(parameter => parameter.Key.Length + (parameter.Value.ToString()?.Length ?? 0)) > MaximumCharacters)
        {
            context.Transaction.SetProperty(TooLong, TooLong);
            Decision.Explain(context, "request.too_long");
            context.Reject(Errors.InvalidRequest, "The authorization request is too long.");
        }

        return ValueTask.CompletedTask;
    }
}
