using System.Security.Claims;
using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Grants;

/// <summary>When a rule of the library's refused a token request: what of the registration or of the grant differed, for the record.</summary>
internal sealed class ExplainTokenRefusals(ClientCatalog clients) : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyTokenResponseContext>()
            .UseSingletonHandler<ExplainTokenRefusals>()
            .SetOrder(RecordRefusals.Explaining)
            .Build();

    public async ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (DescribeErrors.RuleOf(context.Transaction) is not { } rule || context.Request is not { } request)
        {
            return;
        }

        var difference = rule switch
        {
            "code.other_client" or "refresh_token.other_client" when Granted(context) is { } granted =>
                Difference.NotAmong("client", request.ClientId, granted.GetPresenters()),
            "redirect_uri.code" when Granted(context)?.GetClaim(OpenIddictConstants.Claims.Private.RedirectUri) is { } asked && request.RedirectUri is { } sent =>
                Difference.Between(Parameters.RedirectUri, sent, [asked]),
            "pkce.verifier" =>
                Difference.Noted(Parameters.CodeVerifier, "The base64url of the SHA-256 of the code_verifier is not the code_challenge of the authorization request."),
            "grant_type.not_registered" or "client.endpoint" when await FindAsync(request, context.CancellationToken) is { } client =>
                Difference.NotAmong(Parameters.GrantType, request.GrantType, client.Metadata.GrantTypes),
            "scope.not_registered" when await FindAsync(request, context.CancellationToken) is { } client =>
                Difference.NotAmong(Parameters.Scope, request.Scope, client.Metadata.ScopeNames),
            _ => null,
        };
        if (difference is not null)
        {
            Decision.Explain(context, rule, difference);
        }
    }

    private ValueTask<RegisteredClient?> FindAsync(OpenIddictRequest request, CancellationToken cancellationToken) =>
        request.ClientId is { Length: > 0 } clientId ? clients.FindAsync(clientId, cancellationToken) : default;

    // What the library read of the code or refresh token before it refused.
    private static ClaimsPrincipal? Granted(ApplyTokenResponseContext context) =>
        context.Transaction.GetProperty<ValidateTokenRequestContext>(typeof(ValidateTokenRequestContext).FullName!) is { } validated
            ? validated.AuthorizationCodePrincipal ?? validated.RefreshTokenPrincipal
            : null;
}
