using System.Text.Json.Nodes;
using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.TokenExchange;

/// <summary>
/// Decides whether a client may exchange a token (RFC 8693 §2.1, §4.4, §5). Pure.
/// A token is exchanged by whom it was given to, by whom it was made for, or by whom the registration says; nobody acts unseen unless it says so.
/// </summary>
internal static class ExchangePolicy
{
    // RFC 8693 §4.1 sets no limit; a token must fit in a header.
    private const int LongestChain = 8;

    public static ExchangeRefusal? Decide(ExchangeFacts facts)
    {
        if (!facts.IsPresenter && !facts.IsAudience && !facts.Policy.SubjectTokenClients.Contains(facts.SubjectTokenClient ?? "", StringComparer.Ordinal))
        {
            return new(Errors.InvalidRequest, "subject_token.other_client", "The subject token was neither issued to this client nor made for it.",
                Difference.NotAmong("client of the subject_token", facts.SubjectTokenClient, [facts.ClientId, .. facts.Policy.SubjectTokenClients]));
        }

        if (facts.Actor is null)
        {
            if (!facts.Policy.Impersonation)
            {
                return new(Errors.UnauthorizedClient, "exchange.impersonation", "This client may not impersonate: send an actor_token.");
            }
        }
        else if (!facts.Policy.Delegation)
        {
            return new(Errors.UnauthorizedClient, "exchange.delegation", "This client is not registered for delegation.");
        }
        else if (!facts.ActorTokenIsOwn)
        {
            return new(Errors.InvalidRequest, "actor_token.other_client", "The actor token was not issued to this client.");
        }
        else if (ActorClaim.Depth(facts.EarlierActors) >= LongestChain)
        {
            return new(Errors.InvalidRequest, "exchange.too_many_actors", "The subject token has passed through too many actors.");
        }

        // Whoever made the token may have said who alone may act with it; in an impersonation that is the client itself.
        return facts.MayAct is { } named && !Names(named, facts.Actor ?? facts.ClientId, facts.ClientId)
            ? new(Errors.InvalidRequest, "may_act.other", "The subject token names another party that may act.")
            : null;
    }

    private static bool Names(JsonObject mayAct, string actor, string clientId) =>
        Text(mayAct, ClaimNames.Subject) == actor
        && (!mayAct.ContainsKey(ClaimNames.ClientId) || Text(mayAct, ClaimNames.ClientId) == clientId);

    private static string? Text(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <param name="ClientId">Who exchanges.</param>
/// <param name="IsPresenter">Whether the subject token was issued to it.</param>
/// <param name="IsAudience">Whether a resource among the subject token's audiences names it.</param>
/// <param name="SubjectTokenClient">Whom the subject token was issued to.</param>
/// <param name="Actor">The subject of the actor token; null without one.</param>
/// <param name="ActorTokenIsOwn">Whether the actor token was issued to the client.</param>
/// <param name="EarlierActors">The <c>act</c> of the subject token.</param>
/// <param name="MayAct">The <c>may_act</c> of the subject token.</param>
internal sealed record ExchangeFacts(
    string ClientId, ClientTokenExchange Policy, bool IsPresenter, bool IsAudience = false, string? SubjectTokenClient = null,
    string? Actor = null, bool ActorTokenIsOwn = false, JsonObject? EarlierActors = null, JsonObject? MayAct = null);

/// <param name="Rule">The name of the rule, for the record.</param>
/// <param name="Difference">What it compared, where there was something to compare.</param>
internal sealed record ExchangeRefusal(string Error, string Rule, string Description, Difference? Difference = null);
