namespace IdentityProvider.Authorize;

/// <summary>What the sign-in and consent pages need to know of the request that brought a person here.</summary>
internal sealed class Interactions
{
    /// <summary>The pending request with this id, when this very browser started it and it has not expired; otherwise null.</summary>
    public Task<Interaction?> FindAsync(string? id, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The person pressed Cancel: continuing answers the client with <c>access_denied</c>.</summary>
    public Task DenyAsync(Interaction interaction, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The person chose to go on with the session they have (<c>prompt=select_account</c>).</summary>
    public Task ChooseSessionAsync(Interaction interaction, string sid, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <param name="Id">What pages carry, as the query parameter <c>pending</c>.</param>
/// <param name="LogoUri">https only, or null.</param>
/// <param name="FormActionSources">Content-Security-Policy sources that a form post on this page may end at, through redirects.</param>
/// <param name="LoginHint">The client's <c>login_hint</c>, unvalidated text.</param>
/// <param name="OffersAccountChoice">Whether the request asks for a choice of account and a session exists to choose.</param>
internal sealed record Interaction(string Id, string ClientId, string ClientName, string? LogoUri, string? ClientUri,
    string? PolicyUri, string? TosUri, IReadOnlyList<string> FormActionSources, string? LoginHint, bool OffersAccountChoice)
{
    /// <summary>Where the browser goes when the person has answered.</summary>
    public string ContinueUrl => "/connect/authorize?pending=" + Id;
}
