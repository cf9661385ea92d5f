using IdentityProvider.Audit;
using IdentityProvider.Clients;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>RFC 9126 §6: a client registered with <c>require_pushed_authorization_requests</c> is not served a request that came through the browser.</summary>
internal sealed class RequirePushedRequest(ClientCatalog clients) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<RequirePushedRequest>()
            .SetOrder(Authentication.ValidatePushedAuthorizationRequestsRequirement.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.EndpointType == OpenIddictServerEndpointType.Authorization
            && RestorePendingRequest.Find(context.Transaction.GetHttpRequest()!.HttpContext)?.PushedReference is null
            && await clients.FindAsync(context.ClientId!, context.CancellationToken) is { Metadata.RequiresPushedRequests: true })
        {
            Decision.Explain(context, "request_uri.required");
            context.Reject(Errors.InvalidRequest, "This client is registered to push its authorization requests.");
        }
    }
}
