using System.Security.Claims;
using IdentityProvider.Benchmarks.Servers;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Benchmarks.Reference;

/// <summary>The endpoints that the samples pass through to the application.</summary>
internal static class ReferenceEndpoints
{
    private const string Server = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/login", () => Results.Content(
            """<form method="post"><input name="username"><input name="password"><button id="login-submit">Sign in</button></form>""", "text/html"));
        // Without the cast this would be a RequestDelegate, whose result nobody executes.
        app.MapPost("/login", (Delegate)LoginAsync);
        app.MapMethods("/connect/authorize", [HttpMethods.Get, HttpMethods.Post], AuthorizeAsync);
        app.MapPost("/connect/token", TokenAsync);
        app.MapMethods("/connect/userinfo", [HttpMethods.Get, HttpMethods.Post], (Delegate)UserInfoAsync);
    }

    private static async Task<IResult> LoginAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var person = Enumerable.Range(0, Cast.People).Select(Cast.Person).FirstOrDefault(person => person.UserName == form["username"]);
        if (person is null || person.Password != form["password"])
        {
            return Results.Unauthorized();
        }

        var identity = new ClaimsIdentity(
            [
                new(Claims.Subject, person.Subject), new(Claims.Name, person.Name), new(Claims.GivenName, "Given"),
                new(Claims.FamilyName, person.UserName), new(Claims.PreferredUsername, person.UserName),
                new(Claims.Email, person.Email), new(Claims.EmailVerified, "true", ClaimValueTypes.Boolean),
            ],
            CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(identity));
        return Results.Redirect("/");
    }

    private static async Task<IResult> AuthorizeAsync(HttpContext context, IOpenIddictScopeManager scopes)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var cookie = await context.AuthenticateAsync();
        if (cookie.Principal is null)
        {
            return Results.Challenge();
        }

        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
        identity.AddClaims(cookie.Principal.Claims);
        identity.SetScopes(request.GetScopes());
        identity.SetResources(await scopes.ListResourcesAsync(identity.GetScopes()).ToListAsync());
        identity.SetDestinations(Destinations);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: Server);
    }

    private static async Task<IResult> TokenAsync(HttpContext context, IOpenIddictApplicationManager clients, IOpenIddictScopeManager scopes)
    {
        var request = context.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
        {
            var client = await clients.FindByClientIdAsync(request.ClientId!) ?? throw new InvalidOperationException("No such client.");
            var machine = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
            machine.SetClaim(Claims.Subject, await clients.GetClientIdAsync(client));
            machine.SetClaim(Claims.Name, await clients.GetDisplayNameAsync(client));
            machine.SetScopes(request.GetScopes());
            machine.SetResources(await scopes.ListResourcesAsync(machine.GetScopes()).ToListAsync());
            machine.SetDestinations(Destinations);
            return Results.SignIn(new ClaimsPrincipal(machine), authenticationScheme: Server);
        }

        var stored = await context.AuthenticateAsync(Server);
        var identity = new ClaimsIdentity(stored.Principal!.Claims, TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
        identity.SetDestinations(Destinations);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: Server);
    }

    private static async Task<IResult> UserInfoAsync(HttpContext context)
    {
        var token = await context.AuthenticateAsync(Server);
        if (token.Principal is not { } principal)
        {
            return Results.Challenge(authenticationSchemes: [Server]);
        }

        var claims = new Dictionary<string, object?> { [Claims.Subject] = principal.GetClaim(Claims.Subject) };
        if (principal.HasScope(Scopes.Email))
        {
            claims[Claims.Email] = principal.GetClaim(Claims.Email);
            claims[Claims.EmailVerified] = principal.GetClaim(Claims.EmailVerified);
        }

        if (principal.HasScope(Scopes.Profile))
        {
            claims[Claims.Name] = principal.GetClaim(Claims.Name);
            claims[Claims.GivenName] = principal.GetClaim(Claims.GivenName);
            claims[Claims.FamilyName] = principal.GetClaim(Claims.FamilyName);
            claims[Claims.PreferredUsername] = principal.GetClaim(Claims.PreferredUsername);
        }

        return Results.Json(claims);
    }

    private static IEnumerable<string> Destinations(Claim claim) => claim.Type switch
    {
        Claims.Name or Claims.GivenName or Claims.FamilyName or Claims.PreferredUsername when claim.Subject!.HasScope(Scopes.Profile) =>
            [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        Claims.Email or Claims.EmailVerified when claim.Subject!.HasScope(Scopes.Email) =>
            [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        _ => [OpenIddictConstants.Destinations.AccessToken],
    };
}
