using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Sandbox.WebApp;

/// <summary>The tokens of the signed-in person, which lie encrypted in the session cookie, kept fresh.</summary>
internal sealed class SessionTokens(IOptionsMonitor<OpenIdConnectOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan early = TimeSpan.FromSeconds(30);

    /// <summary>An access token that will live a little longer, or null when the person has to sign in again.</summary>
    public async Task<string?> AccessTokenAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var expires = await http.GetTokenAsync("expires_at");
        var isFresh = DateTimeOffset.TryParse(expires, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expiresAt)
            && expiresAt - early > clock.GetUtcNow();
        return isFresh || await RefreshAsync(http, cancellationToken) ? await http.GetTokenAsync("access_token") : null;
    }

    /// <summary>Exchanges the refresh token (RFC 6749 section 6) and writes the new tokens to the session.</summary>
    /// <returns>False when the provider refused.</returns>
    public async Task<bool> RefreshAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var session = await http.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        if (session is not { Succeeded: true, Properties: { } properties } || properties.GetTokenValue("refresh_token") is not { } refreshToken)
        {
            return false;
        }

        var openIdConnect = options.Get(OpenIdConnectDefaults.AuthenticationScheme);
        var provider = await openIdConnect.ConfigurationManager!.GetConfigurationAsync(cancellationToken);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = refreshToken,
            ["client_id"] = openIdConnect.ClientId!,
            ["client_secret"] = openIdConnect.ClientSecret!,
        });
        using var response = await openIdConnect.Backchannel.PostAsync(provider.TokenEndpoint, form, cancellationToken);
        if (!response.IsSuccessStatusCode
            || await response.Content.ReadFromJsonAsync<Refreshed>(cancellationToken) is not { } refreshed)
        {
            return false;
        }

        properties.UpdateTokenValue("access_token", refreshed.AccessToken);
        properties.UpdateTokenValue("refresh_token", refreshed.RefreshToken ?? refreshToken);
        properties.UpdateTokenValue(
            "expires_at", clock.GetUtcNow().AddSeconds(refreshed.ExpiresIn).ToString("o", CultureInfo.InvariantCulture));
        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, session.Principal, properties);
        return true;
    }

    private sealed record Refreshed(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: JsonPropertyName("expires_in")] int ExpiresIn);
}
