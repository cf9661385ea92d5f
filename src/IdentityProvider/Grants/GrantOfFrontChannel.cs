using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;
using Session = IdentityProvider.Sessions.Session;

namespace IdentityProvider.Grants;

/// <summary>
/// An authorization response that gives tokens at once (OpenID Connect Core §3.2, §3.3) is a grant whose session must be there at this very moment:
/// nobody asks again, as the exchange of a code does, and what is issued must die with the session.
/// The library would make no grant where there is no code, and for the others one that a logout at the same time could miss.
/// </summary>
internal sealed class GrantOfFrontChannel(AppDbContext db, ClientCatalog clients, TimeProvider clock) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .AddFilter<RequireTokensAtOnce>()
            .UseScopedHandler<GrantOfFrontChannel>()
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

    private async Task<bool> TryAddAsync(Grant grant, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Holds the session's row without changing it. Whoever wants to end the session waits and then finds this grant, or ended it before.
        var live = await db.Set<Session>().Where(session => session.Id == grant.SessionId && session.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, session => session.EndedAt), cancellationToken);
        if (live == 0)
        {
            return false;
        }

        db.Add(grant);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    internal sealed class RequireTokensAtOnce : IOpenIddictServerHandlerFilter<ProcessSignInContext>
    {
        public ValueTask<bool> IsActiveAsync(ProcessSignInContext context) => new(
            context is { EndpointType: OpenIddictServerEndpointType.Authorization, Principal: not null }
            && !(context.GenerateAuthorizationCode && !context.GenerateAccessToken));
    }
}
