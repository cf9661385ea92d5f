using IdentityProvider.Sandbox.WebApp.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace IdentityProvider.Sandbox.WebApp;

/// <summary>ASP.NET Core's OpenID Connect handler, set up as the README recommends.</summary>
internal static class SignIn
{
    public static void Configure(OpenIdConnectOptions options, WebAppSettings settings, CookieStyle cookies)
    {
        options.Authority = settings.Authority;
        options.ClientId = settings.ClientId;
        options.ClientSecret = settings.ClientSecret;
        options.RequireHttpsMetadata = settings.Authority.StartsWith("https:", StringComparison.Ordinal);

        // The code flow with PKCE. With the answer in the query, the way back is a plain navigation that Lax cookies survive;
        // the handler's default, form_post, needs SameSite=None and so https.
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;

        options.Scope.Clear();
        foreach (var scope in (string[])["openid", "profile", "email", "notes.read", "posts.read", "posts.write", "readers.export", "offline_access"])
        {
            options.Scope.Add(scope);
        }

        options.SaveTokens = true;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.MapInboundClaims = false;
        options.ClaimActions.MapAll();
        options.ClaimActions.DeleteClaims("nonce", "at_hash", "c_hash");
        options.TokenValidationParameters.NameClaimType = "name";
        options.TokenValidationParameters.RoleClaimType = "roles";

        cookies.Apply(options.CorrelationCookie, "correlation.");
        cookies.Apply(options.NonceCookie, "nonce.");

        options.Events.OnRemoteFailure = async context =>
        {
            await NotSignedIn.Because(context.Failure).ExecuteAsync(context.HttpContext);
            context.HandleResponse();
        };
    }
}
