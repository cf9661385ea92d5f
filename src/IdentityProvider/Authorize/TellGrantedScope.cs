using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>
/// RFC 6749 §4.2.2: an access token in an authorization response says what it is for, at least where that is not what was asked for.
/// The library compares with a request from which an ignored <c>offline_access</c> is gone already; here it is always said.
/// </summary>
internal sealed class TellGrantedScope : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<TellGrantedScope>()
            .SetOrder(AttachSignInParameters.Descriptor.Order + 250)
            .Build();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType == OpenIddictServerEndpointType.Authorization && context.IncludeAccessToken && context.AccessTokenPrincipal is { } token)
        {
            context.Response.Scope = string.Join(' ', token.GetScopes());
        }

        return ValueTask.CompletedTask;
    }
}
