using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Why the guards of an endpoint refused a caller whose token is good, and the answer that says so. Guards and answer meet in the
/// request's items. What came of a check on a loaded resource is the handler's business and is not noted here.
/// </summary>
internal sealed class Refusal
{
    private static readonly object key = new();
    private readonly List<string> scopes = [];
    private readonly List<string> permissions = [];
    private readonly List<string> roles = [];
    private RequiredAuthenticationContext? authentication;
    private bool byPolicy;
    private bool unavailable;
    private bool inactive;

    /// <summary>The refusal of this request's guards; null when something else than an endpoint is being decided.</summary>
    public static Refusal? Of(AuthorizationHandlerContext context)
    {
        if (context.Resource is not HttpContext http)
        {
            return null;
        }

        if (http.Items.TryGetValue(key, out var value) && value is Refusal known)
        {
            return known;
        }

        var refusal = new Refusal();
        http.Items[key] = refusal;
        return refusal;
    }

    public void LacksScopes(IReadOnlyList<string> needed) => AddNew(scopes, needed);

    public void LacksPermissions(IReadOnlyList<string> needed) => AddNew(permissions, needed);

    public void LacksRole(IEnumerable<string> oneOf) => AddNew(roles, oneOf);

    public void LacksAuthentication(RequiredAuthenticationContext needed) => authentication ??= needed;

    public void ByPolicy() => byPolicy = true;

    public void IsUnavailable() => unavailable = true;

    public void TokenIsInactive() => inactive = true;

    /// <summary>Answers a caller who was let in and may not do this. Without a note of ours the answer stays a plain 403.</summary>
    public static Task AnswerAsync(HttpContext http) =>
        http.Items.TryGetValue(key, out var value) && value is Refusal refusal ? refusal.WriteAsync(http) : Task.CompletedTask;

    public static Task AnswerUnavailableAsync(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "5";
        return Problem(StatusCodes.Status503ServiceUnavailable, "Whether the access token is good cannot be told at the moment.").ExecuteAsync(http);
    }

    public static Task AnswerInactiveAsync(HttpContext http) =>
        ChallengeAsync(http, "error=\"invalid_token\"", "The access token is not active.");

    /// <summary>403 with what the caller would need. Neither a permission nor a role has an error code in RFC 6750.</summary>
    public static ProblemHttpResult Forbid(string detail, IReadOnlyList<string>? permissions = null, IReadOnlyList<string>? roles = null, IReadOnlyList<string>? scopes = null)
    {
        var missing = new Dictionary<string, object?>();
        foreach (var (name, values) in new[] { ("required_permissions", permissions), ("required_roles", roles), ("required_scopes", scopes) })
        {
            if (values is { Count: > 0 })
            {
                missing[name] = values;
            }
        }

        return TypedResults.Problem(detail, statusCode: StatusCodes.Status403Forbidden, title: "Forbidden", extensions: missing);
    }

    private Task WriteAsync(HttpContext http)
    {
        if (unavailable)
        {
            return AnswerUnavailableAsync(http);
        }

        if (inactive)
        {
            return AnswerInactiveAsync(http);
        }

        // To sign in again would not help whoever lacks a permission, so that is said first.
        if (permissions.Count == 0 && roles.Count == 0 && !byPolicy && authentication is not null)
        {
            return ChallengeAsync(http, AuthenticationChallenge(authentication), "The sign-in is not strong or not fresh enough for this.");
        }

        if (scopes.Count > 0)
        {
            // Scopes hold neither quotes nor backslashes (RequiredScopes sees to it), so nothing needs escaping.
            http.Response.Headers.Append(HeaderNames.WWWAuthenticate, $"Bearer error=\"insufficient_scope\", scope=\"{string.Join(' ', scopes)}\"");
        }

        return scopes.Count + permissions.Count + roles.Count > 0 || byPolicy
            ? Forbid(Detail(), permissions, roles, scopes).ExecuteAsync(http)
            : Task.CompletedTask;
    }

    private string Detail() => this switch
    {
        { permissions.Count: > 0 } => "The caller lacks a permission.",
        { roles.Count: > 0 } => "The caller lacks a role: one of those required would do.",
        { scopes.Count: > 0 } => "The access token lacks a scope.",
        _ => "A policy of this API does not allow it.",
    };

    // RFC 9470 §3.
    private string AuthenticationChallenge(RequiredAuthenticationContext needed)
    {
        var challenge = "error=\"insufficient_user_authentication\", error_description=\"A different authentication level is required\"";
        if (needed.AcrValues.Count > 0)
        {
            challenge += $", acr_values=\"{string.Join(' ', needed.AcrValues)}\"";
        }

        if (needed.MaxAge is { } maxAge)
        {
            challenge += string.Create(CultureInfo.InvariantCulture, $", max_age=\"{(long)maxAge.TotalSeconds}\"");
        }

        // So that the client asks for everything in one go.
        return scopes.Count > 0 ? challenge + $", scope=\"{string.Join(' ', scopes)}\"" : challenge;
    }

    private static Task ChallengeAsync(HttpContext http, string challenge, string detail)
    {
        http.Response.Headers.Append(HeaderNames.WWWAuthenticate, "Bearer " + challenge);
        return Problem(StatusCodes.Status401Unauthorized, detail).ExecuteAsync(http);
    }

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    private static void AddNew(List<string> list, IEnumerable<string> values) => list.AddRange(values.Except(list, StringComparer.Ordinal).ToList());
}
