using System.Net.Http.Headers;

namespace IdentityProvider.Sandbox.Google;

/// <summary>Tells whoever brings an access token about the person behind it (OpenID Connect Core section 5.3).</summary>
internal sealed class UserInfoEndpoint(Issued<GoogleAccess> accessTokens)
{
    public IResult Answer(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header)
            || !"Bearer".Equals(header.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        }

        if (accessTokens.Find(header.Parameter ?? "") is not { } access)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        }

        return Results.Json(GoogleClaims.For(access.Person, access.Scopes));
    }
}
