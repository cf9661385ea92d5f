using IdentityProvider.Clients;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Authorize;

/// <summary>
/// OpenID Connect Session Management §2: <c>session_state</c> for clients that registered for it, with tokens and with errors,
/// so that also a page where nobody is signed in can watch for somebody.
/// </summary>
internal sealed class AttachSessionState(ClientCatalog clients, PresentedSessions sessions, BrowserState browser)
    : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseSingletonHandler<AttachSessionState>()
            // Once it is clear where the answer goes, before it is written.
            .SetOrder(Authentication.InferResponseMode.Descriptor.Order + 300)
            .Build();

    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.RedirectUri is not { Length: > 0 } redirectUri
            || context.Request is not { ClientId: { Length: > 0 } clientId } request || !request.HasScope(OpenIddictConstants.Scopes.OpenId)
            || await clients.FindAsync(clientId, context.CancellationToken) is not { Metadata.UsesSessionManagement: true }
            || ClientOrigins.Of([redirectUri]).FirstOrDefault() is not { } origin)
        {
            return;
        }

        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var state = browser.Update(http, await sessions.FindAsync(http));
        context.Response["session_state"] = BrowserState.SessionState(clientId, origin, state);
    }
}
