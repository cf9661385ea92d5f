using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Protocol;

/// <summary>RFC 8707 §2: a resource is an absolute URI without a fragment; what is none is an <c>invalid_target</c>. The library calls the request malformed.</summary>
internal static class RequireResourceUris
{
    public static OpenIddictServerHandlerDescriptor AuthorizationBuiltIn => Authentication.ValidateResourceParameter.Descriptor;

    public static OpenIddictServerHandlerDescriptor TokenBuiltIn => Exchange.ValidateResourceParameter.Descriptor;

    public static OpenIddictServerHandlerDescriptor Authorization { get; } = For<ValidateAuthorizationRequestContext>(AuthorizationBuiltIn.Order);

    public static OpenIddictServerHandlerDescriptor Token { get; } = For<ValidateTokenRequestContext>(TokenBuiltIn.Order);

    private static OpenIddictServerHandlerDescriptor For<TContext>(int order) where TContext : BaseValidatingContext =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<TContext>()
            .UseInlineHandler(static context =>
            {
                if (!context.Transaction.Request!.GetResources().All(IsResource))
                {
                    context.Reject(Errors.InvalidTarget, LibraryRefusals.ResourceMalformed);
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(order)
            .Build();

    // A path alone is an absolute file URI to .NET where paths begin with a slash.
    private static bool IsResource(string value) =>
        !value.StartsWith('/') && !value.Contains('#', StringComparison.Ordinal) && Uri.TryCreate(value, UriKind.Absolute, out _);
}
