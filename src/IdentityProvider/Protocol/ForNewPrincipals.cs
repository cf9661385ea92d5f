using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Protocol;

/// <summary>
/// Two handlers of the library that look through all claims of whom tokens are made for. Where that is what came out of a code or a refresh token of ours,
/// they are left out: they saw the claims when that was made, and what they would add to it from it cannot be missing.
/// </summary>
internal static class ForNewPrincipals
{
    public static OpenIddictServerHandlerDescriptor ValidateBuiltIn => ValidateSignInDemand.Descriptor;

    public static OpenIddictServerHandlerDescriptor Validate { get; } = Only<ValidateSignInDemand>(ValidateBuiltIn);

    public static OpenIddictServerHandlerDescriptor RestoreBuiltIn => RestoreInternalClaims.Descriptor;

    public static OpenIddictServerHandlerDescriptor Restore { get; } = Only<RestoreInternalClaims>(RestoreBuiltIn);

    private static OpenIddictServerHandlerDescriptor Only<THandler>(OpenIddictServerHandlerDescriptor builtIn)
        where THandler : class, IOpenIddictServerHandler<ProcessSignInContext>, new() =>
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .AddFilter<RequireNewPrincipal>()
            .UseSingletonHandler<BuiltIn<THandler>>()
            .SetOrder(builtIn.Order)
            .Build();

    // The library removes handlers by their type: one of the same type would go with the one it replaces.
    private sealed class BuiltIn<THandler> : IOpenIddictServerHandler<ProcessSignInContext>
        where THandler : class, IOpenIddictServerHandler<ProcessSignInContext>, new()
    {
        private readonly THandler handler = new();

        public ValueTask HandleAsync(ProcessSignInContext context) => handler.HandleAsync(context);
    }

    internal sealed class RequireNewPrincipal : IOpenIddictServerHandlerFilter<ProcessSignInContext>
    {
        public ValueTask<bool> IsActiveAsync(ProcessSignInContext context)
        {
            var presented = context.EndpointType == OpenIddictServerEndpointType.Token ? context.Transaction.Authentication() : null;
            return new(presented is null || context.Principal is not { } principal
                || (principal != presented.AuthorizationCodePrincipal && principal != presented.RefreshTokenPrincipal));
        }
    }
}
