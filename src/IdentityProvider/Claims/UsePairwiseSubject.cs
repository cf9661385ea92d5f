using System.Security.Claims;
using IdentityProvider.Audit;
using IdentityProvider.Clients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Claims;

/// <summary>
/// OpenID Connect Core §8: what a client is told of a person's identity is the subject of its sector, in id_tokens and access tokens, at whichever
/// endpoint they are issued. Codes, refresh tokens and grants, which only we read, keep the person's own subject.
/// </summary>
internal sealed class UsePairwiseSubject(ClientCatalog clients, PairwiseSubjects subjects) : IOpenIddictServerHandler<ProcessSignInContext>
{
    /// <summary>Before the tokens are prepared: what is found here travels in the code and the refresh token. Before the grant is made, which keeps it too.</summary>
    public static OpenIddictServerHandlerDescriptor Resolve { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .AddFilter<RequirePairwiseClient>()
            .UseSingletonHandler<UsePairwiseSubject>()
            .SetOrder(EvaluateGeneratedTokens.Descriptor.Order + 500)
            .Build();

    /// <summary>After the tokens are prepared.</summary>
    public static OpenIddictServerHandlerDescriptor Apply { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseInlineHandler(static context =>
            {
                if (context.Principal?.GetClaim(PrincipalFactory.SectorSubjectClaim) is { } pairwise)
                {
                    context.IdentityTokenPrincipal?.SetClaim(ClaimNames.Subject, pairwise);
                    context.AccessTokenPrincipal?.SetClaim(ClaimNames.Subject, pairwise);
                }

                return ValueTask.CompletedTask;
            })
            .SetOrder(PrepareUserCodePrincipal.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.Principal is not { } principal || principal.GetClaim(ClaimNames.Subject) is not { Length: > 0 } subject)
        {
            return;
        }

        if (await clients.FindAsync(context.ClientId!, context.CancellationToken) is { } client
            && await subjects.EnsureAsync(subject, ClientSubjectRules.SectorOf(client.Metadata), context.CancellationToken) is { } pairwise)
        {
            principal.SetClaim(PrincipalFactory.SectorSubjectClaim, pairwise);
        }
        else if (!await IsNobodysOwnAsync(context, principal, subject))
        {
            // Removed since the request came: the client must not learn the person's own subject even now.
            Decision.Explain(context, "user.disabled");
            context.Reject(
                context.EndpointType == OpenIddictServerEndpointType.Authorization ? Errors.LoginRequired
                    : IsExchange(context) ? Errors.InvalidRequest
                    : Errors.InvalidGrant,
                "The user can no longer sign in.");
        }
    }

    // What is exchanged may stand for a client, which signed in nowhere, or name the person as another sector knows them.
    private async ValueTask<bool> IsNobodysOwnAsync(ProcessSignInContext context, ClaimsPrincipal principal, string subject) =>
        IsExchange(context)
        && (!principal.HasClaim(ClaimNames.AuthenticationTime) || await subjects.ExistsAsync(subject, context.CancellationToken));

    // What grant_type says counts where grants are presented: at every other endpoint it is an extra parameter that anybody may add.
    private static bool IsExchange(ProcessSignInContext context) =>
        context.EndpointType == OpenIddictServerEndpointType.Token && context.Request.IsTokenExchangeGrantType();

    private static bool HasResolved(ProcessSignInContext context) =>
        context.EndpointType == OpenIddictServerEndpointType.Token
        && (context.Request.IsRefreshTokenGrantType() || context.Request.IsAuthorizationCodeGrantType() || context.Request.IsClientCredentialsGrantType());

    internal sealed class RequirePairwiseClient(ClientCatalog clients) : IOpenIddictServerHandlerFilter<ProcessSignInContext>
    {
        // §12.2: a refreshed id_token names the same subject as the first one did, whatever was registered since.
        public async ValueTask<bool> IsActiveAsync(ProcessSignInContext context) =>
            !HasResolved(context)
            && context.ClientId is { Length: > 0 } clientId
            && await clients.FindAsync(clientId, context.CancellationToken) is { Metadata.SubjectType: SubjectTypes.Pairwise };
    }
}
