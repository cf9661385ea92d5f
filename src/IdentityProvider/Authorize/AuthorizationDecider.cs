using IdentityProvider.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Authorize;

/// <summary>
/// Decides the next step of an authorization request (OpenID Connect Core §3.1.2.1, §3.1.2.3, §3.1.2.4, §3.1.2.6, §5.5.1; RFC 8252 §8.6). Pure.
/// </summary>
internal static class AuthorizationDecider
{
    public static AuthorizationDecision Decide(AuthorizationFacts facts)
    {
        if (facts.Denied)
        {
            return new AuthorizationDecision.Refuse(Errors.AccessDenied, "The user declined the request.");
        }

        if (FinalRefusal(facts) is { } refusal)
        {
            return refusal;
        }

        var silent = facts.Prompt.Contains(PromptValues.None);
        return (IsSignedIn(facts), HasAccount(facts), HasConsent(facts), WasAnswered(facts)) switch
        {
            (false, _, _, _) when silent => new AuthorizationDecision.Refuse(Errors.LoginRequired, "The user must sign in."),
            (false, _, _, _) => new AuthorizationDecision.SignIn(),
            (true, false, _, _) => new AuthorizationDecision.ChooseAccount(),
            (true, true, false, _) when silent => new AuthorizationDecision.Refuse(Errors.ConsentRequired, "The user must consent."),
            (true, true, true, false) when silent => new AuthorizationDecision.Refuse(
                Errors.InteractionRequired, "The user must confirm each request of a native client whose redirect URI any app could use."),
            (true, true, false, _) or (true, true, _, false) => new AuthorizationDecision.AskConsent(),
            (true, true, true, true) => new AuthorizationDecision.Issue(),
        };
    }

    // What no further sign-in can mend.
    private static AuthorizationDecision.Refuse? FinalRefusal(AuthorizationFacts facts)
    {
        var signedInSince = IsNewerThanRequest(facts, facts.AuthenticatedAt);
        if (facts.NamesSomebodyElse && signedInSince && !facts.Prompt.Contains(PromptValues.None))
        {
            return new(Errors.AccessDenied, "The user signed in as somebody else than the request names.");
        }

        // OpenID Connect Core §5.5.1.1: an essential acr that is not met is a failed authentication.
        return facts.AcrEssential && (facts.Acr == AcrFit.OutOfReach || (facts.Acr == AcrFit.Reachable && signedInSince))
            ? new(Errors.UnmetAuthenticationRequirements, "The essential acr cannot be reached.")
            : null;
    }

    private static bool IsSignedIn(AuthorizationFacts facts)
    {
        if (facts.AuthenticatedAt is not { } authenticatedAt || facts.NamesSomebodyElse)
        {
            return false;
        }

        // prompt=login and an expired max_age are satisfied by a sign-in newer than the request, never by dropping the parameter:
        // anything else would loop, or let an old session pass for a new one.
        return IsNewerThanRequest(facts, authenticatedAt)
            || (!facts.Prompt.Contains(PromptValues.Login)
                && !MustStepUp(facts)
                && (facts.MaxAge is not { } maxAge || facts.Now - authenticatedAt <= maxAge && maxAge > TimeSpan.Zero));
    }

    // A class that is merely wished for is worth asking for, but not worth refusing a silent request.
    private static bool MustStepUp(AuthorizationFacts facts) =>
        facts.Acr == AcrFit.Reachable && (facts.AcrEssential || !facts.Prompt.Contains(PromptValues.None));

    private static bool HasAccount(AuthorizationFacts facts) =>
        !facts.Prompt.Contains(PromptValues.SelectAccount)
        || facts.AccountChosen
        || IsNewerThanRequest(facts, facts.AuthenticatedAt);

    private static bool HasConsent(AuthorizationFacts facts) =>
        facts.Prompt.Contains(PromptValues.Consent)
            ? facts.ConsentCovers && IsNewerThanRequest(facts, facts.ConsentedAt)
            : facts.SkipsConsent || facts.ConsentCovers;

    // RFC 8252 §8.6: where the client cannot be told from an imitation, the person must have done something for this very request.
    private static bool WasAnswered(AuthorizationFacts facts) =>
        !facts.MayBeImitated
        || facts.AccountChosen
        || IsNewerThanRequest(facts, facts.AuthenticatedAt)
        || IsNewerThanRequest(facts, facts.ConsentedAt);

    private static bool IsNewerThanRequest(AuthorizationFacts facts, DateTime? moment) => moment >= facts.StartedAt;
}
