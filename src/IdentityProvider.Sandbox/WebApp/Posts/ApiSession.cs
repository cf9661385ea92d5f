namespace IdentityProvider.Sandbox.WebApp.Posts;

/// <summary>Calls the API in the name of the signed-in person.</summary>
internal sealed class ApiSession(SampleApiClient api, SessionTokens tokens, TimeProvider clock)
{
    public const string PersonsToken = "your access token";

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <returns>Null when the person has to sign in again.</returns>
    public async Task<ApiAnswer?> SendAsync(HttpContext http, ApiCall call, CancellationToken cancellationToken) =>
        await tokens.AccessTokenAsync(http, cancellationToken) is { } token ? await api.SendAsync(call, token, cancellationToken) : null;

    /// <inheritdoc cref="SendAsync(HttpContext, ApiCall, CancellationToken)"/>
    public async Task<ApiAnswer?> SendAsync(HttpContext http, ApiCall call, TokenTrial trial, CancellationToken cancellationToken) =>
        await tokens.AccessTokenAsync(http, cancellationToken) is { } token
            ? await api.SendAsync(call, await trial.TokenAsync(http, token), cancellationToken)
            : null;
}
