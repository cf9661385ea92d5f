using System.Security.Claims;
using IdentityProvider.Sandbox.WebApp.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace IdentityProvider.Sandbox.WebApp;

/// <summary>The addresses of the sample web app.</summary>
internal static class WebAppEndpoints
{
    public const string SignInPath = "/sign-in";
    public const string SignOutPath = "/sign-out";
    public const string CallApiPath = "/call-api";
    public const string RefreshPath = "/refresh";
    public const string SignOutByProviderPath = "/signout-backchannel";

    public static void MapSampleWebApp(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", HomeAsync);
        app.MapGet(SignInPath, () => Results.Challenge(
            new AuthenticationProperties { RedirectUri = "/" }, [OpenIdConnectDefaults.AuthenticationScheme]));
        app.MapGet(CallApiPath, CallApiAsync).RequireAuthorization();
        app.MapPost(RefreshPath, RefreshAsync).RequireAuthorization();
        app.MapPost(SignOutPath, SignOutAsync);
        app.MapPost(SignOutByProviderPath, SignOutByProvider.ReceiveAsync);
    }

    private static async Task<IResult> HomeAsync(HttpContext http, ClaimsPrincipal user, WebAppSettings settings)
    {
        if (user.Identity is not { IsAuthenticated: true })
        {
            return http.Page<Welcome>(new()
            {
                [nameof(Welcome.Provider)] = settings.Authority,
                [nameof(Welcome.People)] = settings.TestPeople,
            });
        }

        return http.Page<Home>(new()
        {
            [nameof(Home.User)] = user,
            [nameof(Home.Tokens)] = (await http.AuthenticateAsync()).Properties?.GetTokens().Select(token => token.Name).ToList(),
        });
    }

    private static async Task<IResult> CallApiAsync(
        HttpContext http, ClaimsPrincipal user, SessionTokens tokens, SampleApiClient api, CancellationToken cancellationToken)
    {
        if (await tokens.AccessTokenAsync(http, cancellationToken) is not { } accessToken)
        {
            return Results.Challenge(
                new AuthenticationProperties { RedirectUri = CallApiPath }, [OpenIdConnectDefaults.AuthenticationScheme]);
        }

        return http.Page<CallApi>(new()
        {
            [nameof(CallApi.User)] = user,
            [nameof(CallApi.Answer)] = await api.SendAsync(new ApiCall(HttpMethod.Get, "/notes"), accessToken, cancellationToken),
        });
    }

    private static async Task<IResult> RefreshAsync(
        HttpContext http, IAntiforgery antiforgery, SessionTokens tokens, CancellationToken cancellationToken)
    {
        await antiforgery.ValidateRequestAsync(http);
        return await tokens.RefreshAsync(http, cancellationToken)
            ? Results.Redirect("/")
            : NotSignedIn.With("The provider no longer accepts the refresh token.", code: null);
    }

    /// <summary>Ends the session here and, through the browser, at the provider (OpenID Connect RP-Initiated Logout 1.0).</summary>
    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery)
    {
        await antiforgery.ValidateRequestAsync(http);
        return Results.SignOut(
            new AuthenticationProperties { RedirectUri = "/" },
            [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme]);
    }
}
