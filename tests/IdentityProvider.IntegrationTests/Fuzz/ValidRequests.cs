using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Fuzz;

/// <summary>A request to each endpoint that succeeds as it is. Those that use something up get a fresh one each time.</summary>
internal sealed class ValidRequests(ProviderHost provider, Browser browser, ProtocolResponse tokens)
{
    private readonly RelyingParty shop = provider.RelyingParty(Portal);

    private string Basic => Wire.Basic(shop.ClientId, shop.Secret!);

    private const string Television = "fuzz-tv";
    private const string Exchanger = "fuzz-exchanger";
    private const string ExchangerSecret = "fuzz-secret-0000000000000000000000000000000";

    private const string Clients = $$"""
        {
          "clients": [
            {
              "client_id": "{{Television}}", "token_endpoint_auth_method": "none",
              "grant_types": ["urn:ietf:params:oauth:grant-type:device_code"], "scope": "openid profile"
            },
            {
              "client_id": "{{Exchanger}}", "client_secret": "{{ExchangerSecret}}", "grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"],
              "token_exchange": { "impersonation": true, "subject_token_clients": ["{{Portal}}"] }, "scope": "orders"
            }
          ]
        }
        """;

    public static async Task<ValidRequests> PrepareAsync(ProviderHost provider)
    {
        await provider.ApplyAsync(Clients);
        var browser = provider.NewBrowser();
        var tokens = await provider.RelyingParty(Portal).SignInAsync(browser, await provider.NewPersonAsync(), "openid profile offline_access orders");
        return new ValidRequests(provider, browser, tokens);
    }

    public static IReadOnlyList<string> Endpoints { get; } =
    [
        "authorize", "authorize by POST", "token: code", "token: refresh", "token: client credentials", "token: exchange", "userinfo", "userinfo by POST",
        "introspection", "revocation", "logout", "pushed", "device", "device page", "login", "metadata", "keys",
    ];

    public async Task<Attempt> CreateAsync(string endpoint) => endpoint switch
    {
        "authorize" => Authorize(HttpMethod.Get),
        "authorize by POST" => Authorize(HttpMethod.Post),
        "token: code" => await CodeAsync(),
        "token: refresh" => await RefreshAsync(),
        "token: client credentials" => Form("connect/token", ["grant_type"],
            ("grant_type", "client_credentials"), ("scope", "orders")) with
        { Authorization = Wire.Basic(Machine, provider.RelyingParty(Machine).Secret!) },
        "token: exchange" => Form("connect/token", ["grant_type", "subject_token", "subject_token_type"],
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", tokens.AccessToken),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"), ("scope", "orders")) with
        { Authorization = Wire.Basic(Exchanger, ExchangerSecret) },
        "userinfo" => new(endpoint, HttpMethod.Get, "connect/userinfo", [], Names()) { Authorization = "Bearer " + tokens.AccessToken },
        "userinfo by POST" => Form("connect/userinfo", ["access_token"], ("access_token", tokens.AccessToken)),
        "introspection" => Form("connect/introspect", ["token"], ("token", tokens.AccessToken), ("token_type_hint", "access_token")) with { Authorization = Basic },
        "revocation" => Form("connect/revoke", ["token"], ("token", Wire.RandomText()), ("token_type_hint", "refresh_token")) with { Authorization = Basic },
        "logout" => new(endpoint, HttpMethod.Get, "connect/logout", Pairs(
            ("id_token_hint", tokens.IdToken), ("client_id", shop.ClientId), ("post_logout_redirect_uri", LoggedOutUri), ("state", "s")), Names()),
        "pushed" => new Attempt(endpoint, HttpMethod.Post, "connect/par", [.. shop.NewRequest("openid orders").Parameters], Names("redirect_uri")) { Authorization = Basic },
        "device" => Form("connect/device", ["client_id"], ("client_id", Television), ("scope", "openid profile")),
        "device page" => new(endpoint, HttpMethod.Get, "device", Pairs(("user_code", "BCDF-GHJK")), Names())
        {
            Cookie = browser.Cookies.HeaderFor(new Uri(provider.Issuer + "/device"), HttpMethod.Get, crossSite: false),
        },
        "login" => new(endpoint, HttpMethod.Get, "login", Pairs(("return_url", "/account")), Names()),
        "metadata" => new(endpoint, HttpMethod.Get, ".well-known/openid-configuration", Pairs(("a", "b")), Names()),
        "keys" => new(endpoint, HttpMethod.Get, ".well-known/jwks", Pairs(("a", "b")), Names()),
        _ => throw new ArgumentOutOfRangeException(nameof(endpoint), endpoint, "No such endpoint."),
    };

    private Attempt Authorize(HttpMethod method)
    {
        var request = shop.NewRequest("openid profile orders", parameters => parameters["response_mode"] = "query");
        return new(method.Method, method, "connect/authorize", [.. request.Parameters], Names("client_id", "redirect_uri"))
        {
            Cookie = browser.Cookies.HeaderFor(new Uri(provider.Issuer + "/connect/authorize"), method, crossSite: false),
        };
    }

    private async Task<Attempt> CodeAsync()
    {
        var request = shop.NewRequest("openid orders");
        var code = request.CodeFrom(await browser.OpenAsync(request.Url));
        return Form("connect/token", ["grant_type", "code", "redirect_uri", "code_verifier"],
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", shop.RedirectUri), ("code_verifier", request.CodeVerifier)) with
        { Authorization = Basic };
    }

    private async Task<Attempt> RefreshAsync()
    {
        var request = shop.NewRequest("openid offline_access orders");
        var fresh = (await shop.ExchangeAsync(request.CodeFrom(await browser.OpenAsync(request.Url)), request)).OrFail();
        return Form("connect/token", ["grant_type", "refresh_token"], ("grant_type", "refresh_token"), ("refresh_token", fresh.RefreshToken), ("scope", "openid")) with
        { Authorization = Basic };
    }

    private static Attempt Form(string path, string[] decisive, params (string Name, string Value)[] parameters) =>
        new(path, HttpMethod.Post, path, Pairs(parameters), Names(decisive));

    private static IReadOnlyList<KeyValuePair<string, string>> Pairs(params (string Name, string Value)[] parameters) =>
        [.. parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value))];

    private static HashSet<string> Names(params string[] names) => names.ToHashSet(StringComparer.Ordinal);
}
