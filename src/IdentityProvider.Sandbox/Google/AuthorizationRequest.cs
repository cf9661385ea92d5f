using Microsoft.AspNetCore.WebUtilities;

namespace IdentityProvider.Sandbox.Google;

/// <summary>A checked request to sign somebody in (RFC 6749 section 4.1.1, OpenID Connect Core 3.1.2.1).</summary>
internal sealed record AuthorizationRequest(
    string ClientId, string RedirectUri, IReadOnlyList<string> Scopes, string? State, string? Nonce, string? CodeChallenge, string? LoginHint)
{
    public bool AsksFor(string scope) => Scopes.Contains(scope, StringComparer.Ordinal);

    public string Answer(params IEnumerable<KeyValuePair<string, string?>> parameters)
    {
        var answer = parameters.ToList();
        if (State is not null)
        {
            answer.Add(new("state", State));
        }

        return QueryHelpers.AddQueryString(RedirectUri, answer);
    }

    public string Refusal(string error, string description) =>
        Answer([new("error", error), new("error_description", description)]);
}

/// <summary>What came of reading an authorization request.</summary>
internal abstract record AuthorizationReading
{
    private AuthorizationReading()
    {
    }

    /// <summary>Ask the person.</summary>
    public sealed record Good(AuthorizationRequest Request) : AuthorizationReading;

    /// <summary>Client and redirect URI are known, so the client is told.</summary>
    public sealed record Refused(string Location) : AuthorizationReading;

    /// <summary>Nobody is known to send the browser to, so the person is told.</summary>
    public sealed record Unsafe(int Status, string Error, string Description) : AuthorizationReading;
}
