namespace IdentityProvider.Sandbox.Google;

/// <summary>
/// A stand-in for Google: a real OpenID Provider on the wire, with Google's paths and Google's userinfo, whose people are made up.
/// It keeps no session and sets no cookie: everybody who comes is asked who they are.
/// </summary>
internal static class GoogleApp
{
    public const string Name = "sandbox-google";

    public const string AuthorizationPath = "/o/oauth2/v2/auth";
    public const string TokenPath = "/token";
    public const string UserInfoPath = "/oauth2/v3/userinfo";
    public const string KeysPath = "/oauth2/v3/certs";

    public static TimeSpan CodeLifetime { get; } = TimeSpan.FromSeconds(60);

    public static void AddGoogle(this IServiceCollection services, GoogleSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(provider =>
            new Issued<AuthorizationCode>(CodeLifetime, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider =>
            new Issued<GoogleAccess>(TokenEndpoint.AccessTokenLifetime, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IdTokens>();
        services.AddSingleton<AuthorizationRequestReader>();
        services.AddSingleton<AuthorizationEndpoint>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<UserInfoEndpoint>();
        services.AddRazorComponents();
    }

    public static void UseGoogle(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<GoogleSettings>();
        // Choosing an account leads through the provider to whichever app asked, and browsers count every redirect on the way.
        app.UsePageHeaders("*");

        app.MapGet(AuthorizationPath, (HttpContext http, AuthorizationEndpoint endpoint) => endpoint.Ask(http));
        app.MapPost(AuthorizationPath, (HttpContext http, AuthorizationEndpoint endpoint, CancellationToken cancellationToken) =>
            endpoint.AnswerAsync(http, cancellationToken));
        app.MapPost(TokenPath, (HttpContext http, TokenEndpoint endpoint, CancellationToken cancellationToken) =>
            endpoint.ExchangeAsync(http, cancellationToken));
        app.MapMethods(UserInfoPath, [HttpMethods.Get, HttpMethods.Post], (HttpContext http, UserInfoEndpoint endpoint) =>
            endpoint.Answer(http));
        app.MapGet(KeysPath, (IdTokens idTokens) => Results.Json(idTokens.PublicKeys));
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(Discovery.Describe(settings)));
        app.MapGet("/", () => Results.Redirect("/.well-known/openid-configuration"));
        app.MapEmbedded("/google.css", "google.css", "text/css");
    }
}
