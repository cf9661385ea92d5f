using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Authorize;

/// <summary>Decides the next step of an authorization request (OpenID Connect Core §3.1.2.1, §3.1.2.3, §3.1.2.4, §3.1.2.6). Pure.</summary>
internal static class AuthorizationDecider
{
    public static AuthorizationDecision Decide(AuthorizationFacts facts)
    {
        if (facts.Denied)
        {
            return new AuthorizationDecision.Refuse(Errors.AccessDenied, "The user declined the request.");
        }

        var silent = facts.Prompt.Contains(PromptValues.None);
        return (IsSignedIn(facts), HasAccount(facts), HasConsent(facts)) switch
        {
            (false, _, _) when silent => new AuthorizationDecision.Refuse(Errors.LoginRequired, "The user must sign in."),
            (false, _, _) => new AuthorizationDecision.SignIn(),
            (true, false, _) => new AuthorizationDecision.ChooseAccount(),
            (true, true, false) when silent => new AuthorizationDecision.Refuse(Errors.ConsentRequired, "The user must consent."),
            (true, true, false) => new AuthorizationDecision.AskConsent(),
            (true, true, true) => new AuthorizationDecision.Issue(),
        };
    }

    private static bool IsSignedIn(AuthorizationFacts facts)
    {
        if (facts.AuthenticatedAt is not { } authenticatedAt || facts.HintsAtSomebodyElse)
        {
            return false;
        }

        // prompt=login and an expired max_age are satisfied by a sign-in newer than the request, never by dropping the parameter:
        // anything else would loop, or let an old session pass for a new one.
        return IsNewerThanRequest(facts, authenticatedAt)
            || (!facts.Prompt.Contains(PromptValues.Login)
                && (facts.MaxAge is not { } maxAge || facts.Now - authenticatedAt <= maxAge && maxAge > TimeSpan.Zero));
    }

    private static bool HasAccount(AuthorizationFacts facts) =>
        !facts.Prompt.Contains(PromptValues.SelectAccount)
        || facts.AccountChosen
        || (facts.AuthenticatedAt is { } authenticatedAt && IsNewerThanRequest(facts, authenticatedAt));

    private static bool HasConsent(AuthorizationFacts facts) =>
        facts.Prompt.Contains(PromptValues.Consent)
            ? facts is { ConsentCovers: true, ConsentedAt: { } consentedAt } && consentedAt >= facts.StartedAt
            : facts.SkipsConsent || facts.ConsentCovers;

    private static bool IsNewerThanRequest(AuthorizationFacts facts, DateTime authenticatedAt) => authenticatedAt >= facts.StartedAt;
}
