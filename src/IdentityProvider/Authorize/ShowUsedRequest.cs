using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Authorize;

/// <summary>
/// A pushed request has one answer. When two parts of a browser ask for it at one moment, the one that comes second is told on a page,
/// and its client hears nothing more.
/// </summary>
internal static class ShowUsedRequest
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseInlineHandler(static context =>
            {
                if (context.Response.Error == Errors.InvalidRequestUri)
                {
                    context.RedirectUri = null;
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(RedirectErrors.Redirect.Order + 250)
            .Build();
}
