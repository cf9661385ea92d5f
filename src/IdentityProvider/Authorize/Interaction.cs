using IdentityProvider.Protocol;

namespace IdentityProvider.Authorize;

/// <param name="Id">What pages carry, as the query parameter <c>pending</c>.</param>
/// <param name="LogoUri">https only, or null.</param>
/// <param name="FormActionSources">Content-Security-Policy sources that a form post on this page may end at, through redirects.</param>
/// <param name="LoginHint">The client's <c>login_hint</c>, unvalidated text.</param>
/// <param name="OffersAccountChoice">Whether the request asks for a choice of account and a session exists to choose.</param>
/// <param name="ReturnsTo">The host of the redirect URI, or null where that says nothing to a person (a private scheme).</param>
internal sealed record Interaction(string Id, string ClientId, string ClientName, string? LogoUri, string? ClientUri,
    string? PolicyUri, string? TosUri, IReadOnlyList<string> FormActionSources, string? LoginHint, bool OffersAccountChoice, string? ReturnsTo)
{
    /// <summary>Where the browser goes when the person has answered: below the path of the issuer, as every page's links are.</summary>
    public string ContinueUrl => UrlOf(Endpoints.Authorization);

    /// <summary>The address of one of our pages, carrying this request.</summary>
    public string UrlOf(string page) => page + "?" + PendingRequests.Parameter + "=" + Id;
}
