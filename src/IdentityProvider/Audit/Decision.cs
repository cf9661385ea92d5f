using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Audit;

/// <summary>
/// How a rule says more than its error does. It names itself, and what it compared, where it refuses:
/// <code>
/// Decision.Explain(context, "resource.not_allowed", Difference.NotAmong("resource", resource, client.Resources));
/// context.Reject(Errors.InvalidTarget, "…");
/// </code>
/// A refusal that nobody explains is recorded too, under the library's rule, or as <c>endpoint.error</c>.
/// </summary>
internal static class Decision
{
    private static readonly object explanation = new();
    private static readonly object knownClient = new();
    private static readonly object reference = new();

    public static void Explain(BaseContext context, string rule, Difference? difference = null)
    {
        if (context.Transaction.GetHttpRequest()?.HttpContext is { } http)
        {
            Explain(http, rule, difference);
        }
    }

    /// <param name="rule">A stable name, <c>what.how</c>, such as <c>redirect_uri.exact</c>: people search for it, and <see cref="Advice"/> is by it.</param>
    /// <param name="difference">What was compared, where there was something to compare.</param>
    public static void Explain(HttpContext http, string rule, Difference? difference = null) =>
        http.Items[explanation] = new Explanation(rule, difference);

    /// <summary>What this request's error page shows, such as <c>ABCD-EFGH</c>; null when nothing was refused.</summary>
    public static string? ReferenceOf(HttpContext http) => http.Items.TryGetValue(reference, out var item) ? (string?)item : null;

    /// <summary>The client exists: its identifier is no typing error, and no secret in the wrong field.</summary>
    public static void KnowsClient(BaseContext context, string clientId)
    {
        if (context.Transaction.GetHttpRequest()?.HttpContext is { } http)
        {
            http.Items[knownClient] = clientId;
        }
    }

    internal static Explanation? ExplanationOf(HttpContext http) =>
        http.Items.TryGetValue(explanation, out var item) ? (Explanation?)item : null;

    internal static bool IsKnown(HttpContext http, string clientId) =>
        http.Items.TryGetValue(knownClient, out var item) && (string?)item == clientId;

    internal static void Show(HttpContext http, string shown) => http.Items[reference] = shown;

    internal sealed record Explanation(string Rule, Difference? Difference);
}
