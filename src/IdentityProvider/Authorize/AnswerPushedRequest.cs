using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlerFilters;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>RFC 9126 §2.2: keeps a valid pushed request and tells the client its name. The library would make a token of it, with rows of its own and an hour to live.</summary>
internal sealed class AnswerPushedRequest(PushedRequests pushedRequests) : IOpenIddictServerHandler<ProcessRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessRequestContext>()
            .AddFilter<RequirePushedAuthorizationRequest>()
            .UseSingletonHandler<AnswerPushedRequest>()
            .SetOrder(Authentication.HandlePushedAuthorizationRequest.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(ProcessRequestContext context)
    {
        var requestUri = await pushedRequests.StoreAsync(context.Transaction.Request!, context.CancellationToken);
        context.Transaction.Response = new OpenIddictResponse
        {
            RequestUri = requestUri,
            ExpiresIn = (long)PushedRequests.Lifetime.TotalSeconds,
        };
    }
}
