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
/// Our own pages name it by <c>pending</c>, the client that pushed it by <c>request_uri</c> (RFC 9126 §4).
/// </summary>
internal sealed class RestorePendingRequest(PendingRequests pendingRequests, PushedRequests pushedRequests) : IOpenIddictServerHandler<ExtractAuthorizationRequestContext>
{
    private static readonly object ItemKey = new();

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ExtractAuthorizationRequestContext>()
            .UseSingletonHandler<RestorePendingRequest>()
            .SetOrder(int.MaxValue - 100_000)
            .Build();

    /// <summary>The pending request that this HTTP request continues, or null.</summary>
    public static PendingRequest? Find(HttpContext http) => http.Items.TryGetValue(ItemKey, out var item) ? (PendingRequest?)item : null;

    public ValueTask HandleAsync(ExtractAuthorizationRequestContext context) => context.Request switch
    {
        { } request when request.HasParameter(PendingRequests.Parameter) => ContinueAsync(context, (string?)request[PendingRequests.Parameter]),
        { } request when PushedRequests.IsReference(request.RequestUri) => OpenPushedAsync(context, request),
        _ => ValueTask.CompletedTask,
    };

    private async ValueTask ContinueAsync(ExtractAuthorizationRequestContext context, string? id)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var pending = HttpMethods.IsGet(http.Request.Method) ? await pendingRequests.FindAsync(http, id, context.CancellationToken) : null;
        if (pending is null)
        {
            // No client hears of this: only the error page says it.
            Decision.Explain(context, "pending_request.expired");
            context.Reject(Errors.ExpiredToken, "The request has expired, was answered already, or was begun in another browser.");
            return;
        }

        Restore(context, http, pending);
    }

    // RFC 9126 §4, RFC 9101 §6.3: what was pushed is the request; whatever else stands in the address is ignored.
    private async ValueTask OpenPushedAsync(ExtractAuthorizationRequestContext context, OpenIddictRequest request)
    {
        if (!string.IsNullOrEmpty(request.Request))
        {
            Decision.Explain(context, "request_uri.two_requests");
            context.Reject(Errors.InvalidRequest, "The parameters request and request_uri must not be used together.");
            return;
        }

        if (string.IsNullOrEmpty(request.ClientId))
        {
            Decision.Explain(context, "client_id.missing");
            context.Reject(Errors.InvalidRequest, "A request_uri needs the client_id of the client that pushed the request.");
            return;
        }

        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        switch (await pushedRequests.OpenAsync(http, request.ClientId, request.RequestUri!, context.CancellationToken))
        {
            case PushedOpening.Opened opened:
                Restore(context, http, opened.Pending);
                break;
            case PushedOpening.Refused refused:
                // Whose request this is, is not known well enough to answer anybody by redirect.
                Decision.Explain(context, "request_uri.unusable");
                context.Reject(Errors.InvalidRequestUri, refused.Reason);
                break;
        }
    }

    private static void Restore(ExtractAuthorizationRequestContext context, HttpContext http, PendingRequest pending)
    {
        http.Items[ItemKey] = pending;
        context.Request = JsonSerializer.Deserialize<OpenIddictRequest>(pending.Parameters);
    }
}
