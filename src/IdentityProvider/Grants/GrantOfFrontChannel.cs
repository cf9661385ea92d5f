using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// An authorization response that gives tokens at once (OpenID Connect Core §3.2, §3.3) is a grant whose session must be there at this very moment:
/// nobody asks again, as the exchange of a code does, and what is issued must die with the session.
/// The library would make no grant where there is no code, and for the others one that a logout at the same time could miss.
/// </summary>
internal sealed class GrantOfFrontChannel(Statements statements, ClientCatalog clients, TimeProvider clock) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .AddFilter<RequireTokensAtOnce>()
            .UseSingletonHandler<GrantOfFrontChannel>()
            // A principal that has a grant gets no other.
            .SetOrder(AttachAuthorization.Descriptor.Order - 250)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        var principal = context.Principal!;
        var client = await clients.FindAsync(context.ClientId!, context.CancellationToken)
            ?? throw new InvalidOperationException("The client was removed while its request was being answered.");
        var grant = GrantMaking.New(
            client.Id,
            principal.GetClaim(ClaimNames.Subject)!,
            principal.GetClaim(PrincipalFactory.SessionIdClaim)!,
            principal.GetScopes(),
            principal.GetClaim(GrantManager.UserInfoClaimsClaim),
            clock.GetUtcNow().UtcDateTime);
        grant.ClientSubject = principal.GetClaim(PrincipalFactory.SectorSubjectClaim);

        if (await TryAddAsync(grant, context.CancellationToken))
        {
            principal.SetAuthorizationId(grant.Id.ToString());
        }
        else
        {
            Decision.Explain(context, "user.signed_out");
            context.Reject(Errors.LoginRequired, "The user is no longer signed in.");
        }
    }

    private Task<bool> TryAddAsync(Grant grant, CancellationToken cancellationToken) => statements.WriteAsync(
        async writer => await LiveSession.HoldAsync(writer, grant.SessionId) && await TokenRows.AddAsync(writer, grant) == 1,
        cancellationToken);

    internal sealed class RequireTokensAtOnce : IOpenIddictServerHandlerFilter<ProcessSignInContext>
    {
        public ValueTask<bool> IsActiveAsync(ProcessSignInContext context) => new(
            context is { EndpointType: OpenIddictServerEndpointType.Authorization, Principal: not null }
            && !(context.GenerateAuthorizationCode && !context.GenerateAccessToken));
    }
}
