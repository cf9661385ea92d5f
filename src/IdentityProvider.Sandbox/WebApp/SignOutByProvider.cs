using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.Sandbox.WebApp;

/// <summary>
/// The provider ends a session of this app (OpenID Connect Back-Channel Logout 1.0), for which ASP.NET Core's handler has no endpoint:
/// the logout token is checked with the handler's own keys, and the session's cookie is dead from then on.
/// </summary>
internal static class SignOutByProvider
{
    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    public static async Task<IResult> ReceiveAsync(HttpRequest request, IOptionsMonitor<OpenIdConnectOptions> monitor, EndedSessions ended, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            return Results.BadRequest();
        }

        var options = monitor.Get(OpenIdConnectDefaults.AuthenticationScheme);
        var provider = await options.ConfigurationManager!.GetConfigurationAsync(cancellationToken);
        var form = await request.ReadFormAsync(cancellationToken);
        // Back-Channel Logout section 2.6.
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(form["logout_token"].ToString(), new TokenValidationParameters
        {
            ValidTypes = ["logout+jwt"],
            ValidIssuer = provider.Issuer,
            ValidAudience = options.ClientId,
            IssuerSigningKeys = provider.SigningKeys,
        });
        if (!result.IsValid
            || result.SecurityToken is not JsonWebToken token
            || !token.TryGetPayloadValue<Dictionary<string, object>>("events", out var events) || !events.ContainsKey(LogoutEvent)
            || token.TryGetPayloadValue<string>("nonce", out _)
            || !token.TryGetPayloadValue<string>("sid", out var sid))
        {
            return Results.BadRequest();
        }

        await ended.AddAsync(sid, cancellationToken);
        return Results.Ok();
    }

    /// <summary>For the cookie's <c>OnValidatePrincipal</c>.</summary>
    public static async Task RejectEndedAsync(CookieValidatePrincipalContext context)
    {
        if (context.Principal?.FindFirst("sid")?.Value is { } sid && context.HttpContext.RequestServices.GetRequiredService<EndedSessions>().Contains(sid))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
    }
}
