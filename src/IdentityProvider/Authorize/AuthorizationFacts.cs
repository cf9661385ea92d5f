using IdentityProvider.Sessions;

namespace IdentityProvider.Authorize;

/// <summary>All that the decision depends on.</summary>
/// <param name="Prompt">The values of <c>prompt</c>.</param>
/// <param name="MaxAge">The <c>max_age</c> of the request or, when it has none, of the client's registration; otherwise null.</param>
/// <param name="StartedAt">When the request was first seen: what a fresh sign-in or a new consent must not be older than.</param>
/// <param name="Now">The present moment.</param>
/// <param name="AuthenticatedAt">When the person of the current session signed in; null without a session.</param>
/// <param name="Denied">Whether the person pressed Cancel.</param>
/// <param name="NamesSomebodyElse">Whether the <c>id_token_hint</c> or the <c>claims</c> parameter names another person than the session's.</param>
/// <param name="Acr">How the session stands to the authentication context classes that are wanted.</param>
/// <param name="AcrEssential">Whether no other class will do.</param>
/// <param name="AccountChosen">Whether the person picked the current session for this request.</param>
/// <param name="SkipsConsent">Whether the client is one of the house.</param>
/// <param name="ConsentCovers">Whether everything asked for was allowed before.</param>
/// <param name="ConsentedAt">When the person last allowed this client something.</param>
/// <param name="MayBeImitated">Whether any app on the person's device could have sent this request in the client's name and would get its answer.</param>
internal sealed record AuthorizationFacts(
    IReadOnlySet<string> Prompt,
    TimeSpan? MaxAge,
    DateTime StartedAt,
    DateTime Now,
    DateTime? AuthenticatedAt = null,
    bool Denied = false,
    bool NamesSomebodyElse = false,
    AcrFit Acr = AcrFit.Reached,
    bool AcrEssential = false,
    bool AccountChosen = false,
    bool SkipsConsent = false,
    bool ConsentCovers = false,
    DateTime? ConsentedAt = null,
    bool MayBeImitated = false);
