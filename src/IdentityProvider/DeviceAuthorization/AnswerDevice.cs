using IdentityProvider.Audit;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using Microsoft.AspNetCore;
using Microsoft.Net.Http.Headers;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>
/// Answers a valid device authorization request with its two codes (RFC 8628 §3.2).
/// In the place of the library's own step, which would write an authorization without a person and a row for each code.
/// </summary>
internal sealed class AnswerDevice(DeviceRequests requests, ScopeCatalog scopes, Issuer issuer, AuditLog audit) : IOpenIddictServerHandler<ProcessRequestContext>
{
    /// <summary>Where people type the user code. Short: it is read off one screen and typed on another (§3.2).</summary>
    public const string Page = "/device";

    public const string UserCodeParameter = "user_code";

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessRequestContext>()
            .AddFilter<OpenIddictServerHandlerFilters.RequireDeviceAuthorizationRequest>()
            .UseScopedHandler<AnswerDevice>()
            .SetOrder(Device.HandleDeviceAuthorizationRequest.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(ProcessRequestContext context)
    {
        var request = context.Transaction.Request!;
        var clientId = context.Transaction.AuthenticatedClient()!;
        var wanted = request.GetScopes().Distinct(StringComparer.Ordinal).ToList();
        var known = await scopes.GetAsync(context.CancellationToken);
        var resources = known.ResourcesOf(wanted);
        if (request.GetResources() is { Length: > 0 } named)
        {
            // RFC 8707 §2.1: what means something only to other resources is not asked for.
            resources = [.. resources.Where(named.Contains)];
            wanted = [.. known.WithinResources(wanted, resources)];
        }

        var http = context.Transaction.GetHttpRequest()!;
        var created = await requests.CreateAsync(
            new DeviceRequestDraft(
                clientId, wanted, resources.Count > 0 ? resources : [issuer.Value],
                http.HttpContext.Connection.RemoteIpAddress?.ToString(), Describe(http.Headers[HeaderNames.UserAgent].ToString())),
            context.CancellationToken);
        audit.Record(AuditEventType.DeviceRequested, succeeded: true, clientId: clientId, reason: string.Join(' ', wanted));

        var address = issuer.UrlOf(Page);
        context.Transaction.Response = new OpenIddictResponse
        {
            DeviceCode = created.DeviceCode,
            UserCode = created.UserCode.Shown,
            ExpiresIn = (long)created.Lifetime.TotalSeconds,
            [Parameters.VerificationUri] = address,
            [Parameters.VerificationUriComplete] = $"{address}?{UserCodeParameter}={created.UserCode.Shown}",
            ["interval"] = DeviceRequests.FirstInterval,
        };
    }

    // Anybody's own words, to be shown to a person: printable, and no more than fits.
    private static string? Describe(string userAgent)
    {
        var text = string.Concat(userAgent.Where(character => character is >= ' ' and <= '~').Take(DeviceRequestConfiguration.LongestUserAgent)).Trim();
        return text.Length > 0 ? text : null;
    }
}
