using IdentityProvider.Clients;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.ClientAuthentication;

/// <summary>
/// A client authenticates by the method it registered and no other (OpenID Connect Dynamic Client Registration §2),
/// and names itself once: a <c>client_id</c> in the form must be the one it authenticates as (RFC 6749 §3.2.1).
/// </summary>
internal sealed class RequireRegisteredMethod(ClientCatalog clients) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseSingletonHandler<RequireRegisteredMethod>()
            .SetOrder(ValidateClientId.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.EndpointType is not (OpenIddictServerEndpointType.Token or OpenIddictServerEndpointType.Introspection or OpenIddictServerEndpointType.Revocation
                or OpenIddictServerEndpointType.DeviceAuthorization)
            || context.ClientId is not { Length: > 0 } clientId
            || await clients.FindAsync(clientId, context.CancellationToken) is not { } client)
        {
            return;
        }

        var request = context.Transaction.GetHttpRequest()!;
        if (request.HasFormContentType && request.Form[Parameters.ClientId] is [{ } named, ..] && named != clientId)
        {
            context.Reject(Errors.InvalidClient, "The client_id parameter is not the client that authenticates.");
        }
        else if (MethodOf(request, context) != client.Metadata.TokenEndpointAuthMethod)
        {
            context.Reject(Errors.InvalidClient, $"This client is registered to authenticate by {client.Metadata.TokenEndpointAuthMethod}.");
        }
    }

    private static string MethodOf(HttpRequest request, ProcessAuthenticationContext context) =>
        !string.IsNullOrEmpty(context.ClientAssertion) ? ClientAuthenticationMethods.PrivateKeyJwt
        : request.Headers.Authorization.ToString().StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? ClientAuthenticationMethods.ClientSecretBasic
        : !string.IsNullOrEmpty(context.ClientSecret) ? ClientAuthenticationMethods.ClientSecretPost
        : ClientAuthenticationMethods.None;
}
