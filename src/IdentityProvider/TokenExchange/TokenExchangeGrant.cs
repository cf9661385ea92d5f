using System.Security.Claims;
using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.TokenExchange;

/// <summary>
/// Exchanges a subject token for another access token (RFC 8693 §2). The library has found the subject token, and the actor token if there is one,
/// to be good and live. The new token keeps subject and sign-in, hangs on the same grant, and ends no later.
/// </summary>
internal sealed class TokenExchangeGrant(ExchangeRegistrations registrations, TokenHolders holders, IOptions<TokenOptions> options, AuditLog audit, TimeProvider clock)
    : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleTokenRequestContext>()
            .AddFilter<RequireExchange>()
            .UseSingletonHandler<TokenExchangeGrant>()
            .SetOrder(Exchange.AttachPrincipal.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        var (subject, actor) = (context.SubjectTokenPrincipal!, context.ActorTokenPrincipal);
        var (client, known) = await registrations.ReadAsync(context.ClientId!, context.CancellationToken);
        var presenter = subject.GetPresenters() is [{ } only, ..] ? only : null;
        var earlier = ActorClaim.Read(subject, ActorClaim.Act);
        var actorSubject = actor?.GetClaim(ClaimNames.Subject);
        var refusal = ExchangePolicy.Decide(new ExchangeFacts(
            client.ClientId,
            ClientTokenExchange.From(client.Metadata.TokenExchange),
            subject.HasPresenter(client.ClientId),
            subject.GetAudiences().Any(audience => known.Resources.TryGetValue(audience, out var resource) && resource.Clients.Contains(client.ClientId)),
            presenter,
            actorSubject,
            actor?.HasPresenter(client.ClientId) ?? false,
            earlier,
            ActorClaim.Read(subject, ActorClaim.MayAct)));
        ExchangedAccess? access = null;
        if (refusal is null)
        {
            (access, refusal) = ExchangedAccess.Of(
                context.Request, subject.GetScopes(), subject.GetAudiences(), client, known, registrations.IssuerValue);
        }

        var holder = await holders.FindAsync(subject, context.CancellationToken);
        if (refusal is null && (holder.IsGone || (actor is not null && (await holders.FindAsync(actor, context.CancellationToken)).IsGone)))
        {
            refusal = new(Errors.InvalidRequest, "user.disabled", "The user of a token can no longer sign in.");
        }

        if (refusal is not null)
        {
            Decision.Explain(context, refusal.Rule, refusal.Difference);
            context.Reject(refusal.Error, refusal.Description);
            return;
        }

        var principal = PrincipalFactory.ForExchange(
            subject, actorSubject is null ? earlier : ActorClaim.Chain(actorSubject, earlier), access!.Scopes, access.Resources, client.ClientId);
        principal.SetAccessTokenLifetime(Lifetime(subject));
        new ExchangedSubject(holder.Subject).Remember(context.Transaction);
        audit.Record(AuditEventType.TokenExchanged, succeeded: true, holder.Subject, client.ClientId,
            reason: $"{(actorSubject is null ? "Impersonation" : $"Delegation to {actorSubject}")}; a token of {presenter}; scopes: {string.Join(' ', access.Scopes)}");
        context.SignIn(principal);
    }

    private TimeSpan Lifetime(ClaimsPrincipal subject)
    {
        var left = subject.GetExpirationDate() is { } expires ? expires - clock.GetUtcNow() : TimeSpan.Zero;
        return left < options.Value.AccessTokenLifetime ? left : options.Value.AccessTokenLifetime;
    }

    // Other requests need nothing of what this one works with, and do not have it made.
    internal sealed class RequireExchange : IOpenIddictServerHandlerFilter<HandleTokenRequestContext>
    {
        public ValueTask<bool> IsActiveAsync(HandleTokenRequestContext context) => new(context.Request.IsTokenExchangeGrantType());
    }
}
