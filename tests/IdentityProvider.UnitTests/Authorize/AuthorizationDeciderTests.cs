using IdentityProvider.Authorize;
using IdentityProvider.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.UnitTests.Authorize;

/// <summary>The decision as a table: what is known of a request, and the step that follows.</summary>
public sealed class AuthorizationDeciderTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Earlier = Start.AddMinutes(-10);
    private static readonly DateTime Later = Start.AddMinutes(1);

    public static TheoryData<string> Cases => [.. Table.Keys];

    // What is known, and what follows.
    private static Dictionary<string, (AuthorizationFacts Known, AuthorizationDecision Follows)> Table { get; } = new()
    {
        ["nobody signed in"] = (Facts(), SignIn),
        ["signed in and consented"] = (Facts(at: Earlier, consented: Earlier), Issue),
        ["signed in, nothing allowed yet"] = (Facts(at: Earlier), AskConsent),
        ["signed in, client of the house"] = (Facts(at: Earlier, skips: true), Issue),
        ["cancelled"] = (Facts(at: Earlier, consented: Earlier) with { Denied = true }, Refuse(Errors.AccessDenied)),
        ["cancelled before signing in"] = (Facts() with { Denied = true }, Refuse(Errors.AccessDenied)),

        ["prompt=none, nobody signed in"] = (Facts(prompt: "none"), Refuse(Errors.LoginRequired)),
        ["prompt=none, signed in and consented"] = (Facts(prompt: "none", at: Earlier, consented: Earlier), Issue),
        ["prompt=none, nothing allowed yet"] = (Facts(prompt: "none", at: Earlier), Refuse(Errors.ConsentRequired)),
        ["prompt=none, session too old"] = (Facts(prompt: "none", at: Earlier, consented: Earlier, maxAge: 60), Refuse(Errors.LoginRequired)),
        ["prompt=none, names somebody else"] = (Facts(prompt: "none", at: Earlier, consented: Earlier) with { NamesSomebodyElse = true }, Refuse(Errors.LoginRequired)),

        ["prompt=login, session older than the request"] = (Facts(prompt: "login", at: Earlier, consented: Earlier), SignIn),
        ["prompt=login, signed in since"] = (Facts(prompt: "login", at: Later, consented: Earlier), Issue),
        ["prompt=login, signed in at the very moment"] = (Facts(prompt: "login", at: Start, consented: Earlier), Issue),

        ["max_age=0, session older than the request"] = (Facts(at: Earlier, consented: Earlier, maxAge: 0), SignIn),
        ["max_age=0, signed in since"] = (Facts(at: Later, consented: Earlier, maxAge: 0), Issue),
        ["max_age large enough"] = (Facts(at: Earlier, consented: Earlier, maxAge: 3600), Issue),
        ["max_age just not exceeded"] = (Facts(at: Earlier, consented: Earlier, maxAge: 720), Issue),
        ["max_age exceeded"] = (Facts(at: Earlier, consented: Earlier, maxAge: 719), SignIn),

        ["prompt=consent, allowed before the request"] = (Facts(prompt: "consent", at: Earlier, consented: Earlier), AskConsent),
        ["prompt=consent, allowed since"] = (Facts(prompt: "consent", at: Earlier, consented: Later), Issue),
        ["prompt=consent asks for a client of the house too"] = (Facts(prompt: "consent", at: Earlier, skips: true), AskConsent),
        ["prompt=login consent, both old"] = (Facts(prompt: "login consent", at: Earlier, consented: Earlier), SignIn),
        ["prompt=login consent, signed in since"] = (Facts(prompt: "login consent", at: Later, consented: Earlier), AskConsent),
        ["prompt=login consent, both since"] = (Facts(prompt: "login consent", at: Later, consented: Later), Issue),

        ["prompt=select_account, session older than the request"] = (Facts(prompt: "select_account", at: Earlier, consented: Earlier), ChooseAccount),
        ["prompt=select_account, session chosen"] = (Facts(prompt: "select_account", at: Earlier, consented: Earlier) with { AccountChosen = true }, Issue),
        ["prompt=select_account, signed in since"] = (Facts(prompt: "select_account", at: Later, consented: Earlier), Issue),
        ["prompt=select_account, nobody signed in"] = (Facts(prompt: "select_account"), SignIn),

        ["names somebody else"] = (Facts(at: Earlier, consented: Earlier) with { NamesSomebodyElse = true }, SignIn),
        ["names somebody else, signed in as another since"] = (Facts(at: Later, consented: Earlier) with { NamesSomebodyElse = true }, Refuse(Errors.AccessDenied)),
        ["names somebody else, prompt=none, session of this very moment"] = (Facts(prompt: "none", at: Start, consented: Earlier) with { NamesSomebodyElse = true }, Refuse(Errors.LoginRequired)),

        ["acr reached"] = (Facts(at: Earlier, consented: Earlier) with { Acr = AcrFit.Reached, AcrEssential = true }, Issue),
        ["acr wished for, out of reach"] = (Facts(at: Earlier, consented: Earlier) with { Acr = AcrFit.OutOfReach }, Issue),
        ["acr wished for, out of reach, prompt=none"] = (Facts(prompt: "none", at: Earlier, consented: Earlier) with { Acr = AcrFit.OutOfReach }, Issue),
        ["acr essential, out of reach"] = (Facts(at: Earlier, consented: Earlier) with { Acr = AcrFit.OutOfReach, AcrEssential = true }, Refuse(Errors.UnmetAuthenticationRequirements)),
        ["acr essential, out of reach, nobody signed in"] = (Facts() with { Acr = AcrFit.OutOfReach, AcrEssential = true }, Refuse(Errors.UnmetAuthenticationRequirements)),
        ["acr wished for, reachable"] = (Facts(at: Earlier, consented: Earlier) with { Acr = AcrFit.Reachable }, SignIn),
        ["acr wished for, reachable, prompt=none"] = (Facts(prompt: "none", at: Earlier, consented: Earlier) with { Acr = AcrFit.Reachable }, Issue),
        ["acr wished for, not reached by signing in"] = (Facts(at: Later, consented: Earlier) with { Acr = AcrFit.Reachable }, Issue),
        ["acr essential, reachable"] = (Facts(at: Earlier, consented: Earlier) with { Acr = AcrFit.Reachable, AcrEssential = true }, SignIn),
        ["acr essential, reachable, prompt=none"] = (Facts(prompt: "none", at: Earlier, consented: Earlier) with { Acr = AcrFit.Reachable, AcrEssential = true }, Refuse(Errors.LoginRequired)),
        ["acr essential, not reached by signing in"] = (Facts(at: Later, consented: Earlier) with { Acr = AcrFit.Reachable, AcrEssential = true }, Refuse(Errors.UnmetAuthenticationRequirements)),

        ["may be imitated, allowed before the request"] = (Facts(at: Earlier, consented: Earlier) with { MayBeImitated = true }, AskConsent),
        ["may be imitated, allowed since"] = (Facts(at: Earlier, consented: Later) with { MayBeImitated = true }, Issue),
        ["may be imitated, signed in since"] = (Facts(at: Later, consented: Earlier) with { MayBeImitated = true }, Issue),
        ["may be imitated, signed in since, nothing allowed yet"] = (Facts(at: Later) with { MayBeImitated = true }, AskConsent),
        ["may be imitated, account chosen"] = (Facts(prompt: "select_account", at: Earlier, consented: Earlier) with { MayBeImitated = true, AccountChosen = true }, Issue),
        ["may be imitated, client of the house"] = (Facts(at: Earlier, skips: true) with { MayBeImitated = true }, AskConsent),
        ["may be imitated, prompt=none"] = (Facts(prompt: "none", at: Earlier, consented: Earlier) with { MayBeImitated = true }, Refuse(Errors.InteractionRequired)),
        ["may be imitated, prompt=none, client of the house"] = (Facts(prompt: "none", at: Earlier, skips: true) with { MayBeImitated = true }, Refuse(Errors.InteractionRequired)),
        ["may be imitated, prompt=none, nothing allowed yet"] = (Facts(prompt: "none", at: Earlier) with { MayBeImitated = true }, Refuse(Errors.ConsentRequired)),
    };

    [Theory, MemberData(nameof(Cases))] // OpenID Connect Core §3.1.2.1, §3.1.2.3, §3.1.2.4, §3.1.2.6
    public void The_next_step_follows_from_the_facts(string known)
    {
        var (facts, expected) = Table[known];

        var decision = AuthorizationDecider.Decide(facts);

        Assert.True(
            expected is AuthorizationDecision.Refuse refusal
                ? decision is AuthorizationDecision.Refuse actual && actual.Error == refusal.Error
                : expected == decision,
            $"Expected {expected}, got {decision}");
    }

    private static AuthorizationDecision SignIn => new AuthorizationDecision.SignIn();

    private static AuthorizationDecision ChooseAccount => new AuthorizationDecision.ChooseAccount();

    private static AuthorizationDecision AskConsent => new AuthorizationDecision.AskConsent();

    private static AuthorizationDecision Issue => new AuthorizationDecision.Issue();

    private static AuthorizationDecision.Refuse Refuse(string error) => new(error, "");

    private static AuthorizationFacts Facts(
        string prompt = "", DateTime? at = null, DateTime? consented = null, bool skips = false, int? maxAge = null) => new(
            prompt.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(),
            maxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            StartedAt: Start,
            Now: Start.AddMinutes(2),
            AuthenticatedAt: at,
            SkipsConsent: skips,
            ConsentCovers: consented is not null,
            ConsentedAt: consented);
}
