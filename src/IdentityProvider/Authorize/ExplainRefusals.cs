using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Authorize;

/// <summary>When a rule of the library's refused an authorization request: what of the registration differed, for the record.</summary>
internal sealed class ExplainRefusals(ClientCatalog clients) :
    IOpenIddictServerHandler<ApplyAuthorizationResponseContext>,
    IOpenIddictServerHandler<ApplyPushedAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Authorization { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseSingletonHandler<ExplainRefusals>()
            .SetOrder(RecordRefusals.Explaining)
            .Build();

    public static OpenIddictServerHandlerDescriptor PushedAuthorization { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyPushedAuthorizationResponseContext>()
            .UseSingletonHandler<ExplainRefusals>()
            .SetOrder(RecordRefusals.Explaining)
            .Build();

    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context) => ExplainAsync(context, context.CancellationToken);

    public ValueTask HandleAsync(ApplyPushedAuthorizationResponseContext context) => ExplainAsync(context, context.CancellationToken);

    private async ValueTask ExplainAsync(BaseContext context, CancellationToken cancellationToken)
    {
        if (DescribeErrors.RuleOf(context.Transaction) is not { } rule
            || context.Transaction.Request is not { ClientId: { Length: > 0 } clientId } request
            || await clients.FindAsync(clientId, cancellationToken) is not { } client)
        {
            return;
        }

        switch (rule)
        {
            case "redirect_uri.exact" when request.RedirectUri is { } sent:
                Decision.Explain(context, rule, Difference.Between(Parameters.RedirectUri, sent, Comparable(sent, client)));
                break;
            case "response_type.not_registered" or "response_type.unsupported" or "client.endpoint":
                Decision.Explain(context, rule, Difference.NotAmong(Parameters.ResponseType, request.ResponseType, client.Metadata.ResponseTypes));
                break;
            case "scope.not_registered":
                Decision.Explain(context, rule, Difference.NotAmong(Parameters.Scope, request.Scope, client.Metadata.ScopeNames));
                break;
        }
    }

    // RFC 8252 §7.3: an app on a loopback address is given its port at run time, so that the port is never what differs.
    private static List<string> Comparable(string sent, RegisteredClient client) =>
        Uri.TryCreate(sent, UriKind.Absolute, out var uri) && uri is { IsLoopback: true, IsDefaultPort: false }
            ? [.. client.Metadata.RedirectUris.Select(registered => WithPort(registered, uri.Port))]
            : [.. client.Metadata.RedirectUris];

    private static string WithPort(string registered, int port) =>
        Uri.TryCreate(registered, UriKind.Absolute, out var uri) && uri is { IsLoopback: true, IsDefaultPort: true } && uri.Scheme == Uri.UriSchemeHttp
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://{uri.Host}:{port}{registered[(registered.IndexOf(uri.Host, StringComparison.OrdinalIgnoreCase) + uri.Host.Length)..]}")
            : registered;
}
