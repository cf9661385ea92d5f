using System.Text.Json;
using IdentityProvider.Audit;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server;

using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Authorize;

/// <summary>
/// Puts a pending request back in the place of the one that names it. Everything after this validates it again as if it had just arrived:
/// a client that was removed, or a redirect URI that was withdrawn, in the meantime is noticed.
/// </summary>
internal sealed class RestorePendingRequest(PendingRequests pendingRequests) : IOpenIddictServerHandler<ExtractAuthorizationRequestContext>
{
    private static readonly object ItemKey = new();

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ExtractAuthorizationRequestContext>()
            .UseScopedHandler<RestorePendingRequest>()
            .SetOrder(int.MaxValue - 100_000)
            .Build();

    /// <summary>The pending request that this HTTP request continues, or null.</summary>
    public static PendingRequest? Find(HttpContext http) => http.Items.TryGetValue(ItemKey, out var item) ? (PendingRequest?)item : null;

    public async ValueTask HandleAsync(ExtractAuthorizationRequestContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        if (context.Request is not { } request || !request.HasParameter(PendingRequests.Parameter))
        {
            return;
        }

        var pending = HttpMethods.IsGet(http.Request.Method)
            ? await pendingRequests.FindAsync(http, (string?)request[PendingRequests.Parameter], context.CancellationToken)
            : null;
        if (pending is null)
        {
            // No client hears of this: only the error page says it.
            Decision.Explain(context, "pending_request.expired");
            context.Reject(Errors.ExpiredToken, "The request has expired or was begun in another browser.");
            return;
        }

        http.Items[ItemKey] = pending;
        context.Request = JsonSerializer.Deserialize<OpenIddictRequest>(pending.Parameters);
    }
}
