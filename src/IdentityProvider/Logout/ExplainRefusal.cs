using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Logout;

/// <summary>When an address to go to after signing out is refused: what is registered instead, for the record.</summary>
internal sealed class ExplainRefusal(ClientCatalog clients) : IOpenIddictServerHandler<ApplyEndSessionResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyEndSessionResponseContext>()
            .UseSingletonHandler<ExplainRefusal>()
            .SetOrder(RecordRefusals.Explaining)
            .Build();

    public async ValueTask HandleAsync(ApplyEndSessionResponseContext context)
    {
        if (DescribeErrors.RuleOf(context.Transaction) is "post_logout_redirect_uri.exact" and var rule
            && context.Request is { ClientId: { Length: > 0 } clientId, PostLogoutRedirectUri: { } sent }
            && await clients.FindAsync(clientId, context.CancellationToken) is { } client)
        {
            Decision.Explain(context, rule, Difference.Between(Parameters.PostLogoutRedirectUri, sent, client.Metadata.PostLogoutRedirectUris));
        }
    }
}
