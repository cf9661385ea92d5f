using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Authorize;

/// <summary>RFC 9126 §2.3: a wrong method is 405 and too long a request is 413. To the library both are bad requests like any other.</summary>
internal sealed class PushedResponseStatus : IOpenIddictServerHandler<ApplyPushedAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyPushedAuthorizationResponseContext>()
            .UseSingletonHandler<PushedResponseStatus>()
            .SetOrder(OpenIddictServerAspNetCoreHandlers.AttachHttpResponseCode<ApplyPushedAuthorizationResponseContext>.Descriptor.Order + 250)
            .Build();

    public ValueTask HandleAsync(ApplyPushedAuthorizationResponseContext context)
    {
        var request = context.Transaction.GetHttpRequest()!;
        var response = request.HttpContext.Response;
        if (!HttpMethods.IsPost(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = HttpMethods.Post;
        }
        else if (LimitRequestSize.Refused(context.Transaction))
        {
            response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        }

        return ValueTask.CompletedTask;
    }
}
