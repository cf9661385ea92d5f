using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Audit;

/// <summary>The one place refusals go. Costs the request no write: see <see cref="DecisionBuffer"/>.</summary>
internal sealed class DecisionLog(DecisionBuffer buffer)
{
    /// <summary>Records that this request was refused, and gives its error page the reference.</summary>
    /// <param name="endpoint">One word of ours.</param>
    /// <param name="rule">The rule where nobody explained; null for <c>endpoint.error</c>.</param>
    /// <param name="clientId">The client as the request names it.</param>
    public void Record(HttpContext http, string endpoint, string error, string? description, string? rule = null,
        OpenIddictRequest? request = null, string? clientId = null, Difference? difference = null)
    {
        if (IsNoRefusal(error))
        {
            return;
        }

        var explanation = Decision.ExplanationOf(http);
        var refusal = new Refusal(
            DecisionText.Printable(endpoint, DecisionText.Endpoint),
            DecisionText.Printable(explanation?.Rule ?? rule ?? $"{endpoint}.{error}", DecisionText.Rule),
            DecisionText.Printable(error, DecisionText.Error),
            description is null ? null : DecisionText.Safe(description, AuditText.Reason),
            Client(http, clientId ?? request?.ClientId),
            IsAnswerToMany(error) ? null : AuditText.Fit(http.Connection.RemoteIpAddress?.ToString(), AuditText.RemoteAddress),
            (explanation?.Difference ?? difference)?.ToJson());
        var reference = buffer.Count(refusal, () => (AskedParameters.Describe(http, request), Activity.Current?.TraceId.ToString()));
        Decision.Show(http, DecisionReference.Show(reference));
    }

    // A device that asks whether somebody has answered by now is told "not yet" every few seconds, as it should be.
    private static bool IsNoRefusal(string error) => error is Errors.AuthorizationPending or Errors.SlowDown;

    // A browser app that looks with prompt=none whether somebody is signed in hears this from nearly all of its visitors.
    private static bool IsAnswerToMany(string error) =>
        error is Errors.LoginRequired or Errors.ConsentRequired or Errors.InteractionRequired or Errors.AccountSelectionRequired;

    private static string? Client(HttpContext http, string? clientId) => clientId switch
    {
        null or "" => null,
        _ when Decision.IsKnown(http, clientId) => DecisionText.Printable(clientId, AuditText.ClientId),
        // A secret in the place of the name is a mistake that people make.
        _ => DecisionText.Safe(clientId, AuditText.ClientId),
    };
}
