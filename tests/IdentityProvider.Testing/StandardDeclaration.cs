namespace IdentityProvider.Testing;

/// <summary>The clients, APIs and people that most tests share.</summary>
public static class StandardDeclaration
{
    public const string Alice = "alice";
    public const string AlicePassword = "alice-test-password";
    public const string Bob = "bob";
    public const string BobPassword = "bob-test-password";

    /// <summary>Confidential, <c>client_secret_basic</c>, asks for consent.</summary>
    public const string Shop = "shop";

    /// <summary>A second confidential client that shares the redirect URI of <see cref="Shop"/>.</summary>
    public const string Stall = "stall";

    /// <summary>Confidential, <c>client_secret_post</c>.</summary>
    public const string Poster = "poster";

    /// <summary>First party: no consent is asked for.</summary>
    public const string Portal = "portal";

    /// <summary>Public, a browser app.</summary>
    public const string Spa = "spa";

    /// <summary>Public, a native app on a loopback address.</summary>
    public const string Native = "native";

    /// <summary>A machine: client credentials only.</summary>
    public const string Machine = "machine";

    /// <summary>An API that introspects tokens for <see cref="ApiResource"/>.</summary>
    public const string Api = "api";

    /// <summary>An API that introspects tokens for <see cref="ReportsResource"/> only.</summary>
    public const string Reports = "reports";

    public const string ApiResource = "https://api.example";

    /// <summary>Asks for RS256.</summary>
    public const string ReportsResource = "https://reports.example";

    public const string RedirectUri = "https://app.example/callback";
    public const string SpaOrigin = "https://spa.example";
    public const string LoggedOutUri = "https://app.example/bye";

    private const string ShopSecret = "shop-secret-0000000000000000000000000000000";
    private const string StallSecret = "stall-secret-000000000000000000000000000000";
    private const string PosterSecret = "poster-secret-00000000000000000000000000000";
    private const string PortalSecret = "portal-secret-00000000000000000000000000000";
    private const string MachineSecret = "machine-secret-0000000000000000000000000000";
    private const string ApiSecret = "api-secret-00000000000000000000000000000000";
    private const string ReportsSecret = "reports-secret-0000000000000000000000000000";

    public const string Json = $$"""
        {
          "resources": [
            { "identifier": "{{ApiResource}}", "name": "Orders API", "clients": ["{{Api}}"] },
            { "identifier": "{{ReportsResource}}", "name": "Reports API", "clients": ["{{Reports}}"], "access_token_signed_response_alg": "RS256" }
          ],
          "scopes": [
            { "name": "orders", "description": "See and place your orders", "resources": ["{{ApiResource}}"] },
            { "name": "reports", "description": "Read reports", "resources": ["{{ReportsResource}}"] }
          ],
          "clients": [
            {
              "client_id": "{{Shop}}", "client_name": "Shop", "client_secret": "{{ShopSecret}}",
              "token_endpoint_auth_method": "client_secret_basic",
              "grant_types": ["authorization_code", "refresh_token"],
              "redirect_uris": ["{{RedirectUri}}", "{{RedirectUri}}?bar=foo"],
              "post_logout_redirect_uris": ["{{LoggedOutUri}}"],
              "scope": "openid profile email address phone offline_access orders reports"
            },
            {
              "client_id": "{{Stall}}", "client_name": "Stall", "client_secret": "{{StallSecret}}",
              "token_endpoint_auth_method": "client_secret_basic",
              "grant_types": ["authorization_code", "refresh_token"],
              "redirect_uris": ["{{RedirectUri}}"],
              "scope": "openid profile email offline_access orders"
            },
            {
              "client_id": "{{Poster}}", "client_name": "Poster", "client_secret": "{{PosterSecret}}",
              "token_endpoint_auth_method": "client_secret_post",
              "grant_types": ["authorization_code"],
              "redirect_uris": ["{{RedirectUri}}"],
              "scope": "openid profile"
            },
            {
              "client_id": "{{Portal}}", "client_name": "Portal", "client_secret": "{{PortalSecret}}",
              "grant_types": ["authorization_code", "refresh_token"],
              "redirect_uris": ["{{RedirectUri}}"],
              "post_logout_redirect_uris": ["{{LoggedOutUri}}"],
              "scope": "openid profile email offline_access orders",
              "first_party": true
            },
            {
              "client_id": "{{Spa}}", "client_name": "Browser app",
              "token_endpoint_auth_method": "none",
              "grant_types": ["authorization_code", "refresh_token"],
              "redirect_uris": ["{{SpaOrigin}}/callback"],
              "scope": "openid profile offline_access orders"
            },
            {
              "client_id": "{{Native}}", "client_name": "Native app", "application_type": "native",
              "token_endpoint_auth_method": "none",
              "grant_types": ["authorization_code", "refresh_token"],
              "redirect_uris": ["http://127.0.0.1/callback"],
              "scope": "openid profile offline_access"
            },
            {
              "client_id": "{{Machine}}", "client_name": "Machine", "client_secret": "{{MachineSecret}}",
              "grant_types": ["client_credentials"],
              "scope": "orders reports"
            },
            { "client_id": "{{Api}}", "client_name": "Orders API", "client_secret": "{{ApiSecret}}", "grant_types": [] },
            { "client_id": "{{Reports}}", "client_name": "Reports API", "client_secret": "{{ReportsSecret}}", "grant_types": [] }
          ],
          "users": [
            {
              "username": "{{Alice}}", "password": "{{AlicePassword}}", "sub": "alice-subject",
              "name": "Alice Example", "given_name": "Alice", "family_name": "Example", "middle_name": "Anna", "nickname": "Ali",
              "preferred_username": "alice", "profile": "https://people.example/alice", "picture": "https://people.example/alice.png",
              "website": "https://alice.example", "email": "alice@example.com", "email_verified": true, "gender": "female",
              "birthdate": "1990-04-01", "zoneinfo": "Europe/Berlin", "locale": "en-GB",
              "phone_number": "+49 30 123456", "phone_number_verified": true,
              "address": { "street_address": "1 Main Street", "locality": "Berlin", "postal_code": "10115", "country": "Germany" }
            },
            { "username": "{{Bob}}", "password": "{{BobPassword}}", "email": "bob@example.com", "email_verified": false }
          ]
        }
        """;

    internal static RelyingParty RelyingParty(ProviderNode node, string clientId) => clientId switch
    {
        Shop => new(node, Shop, ShopSecret, RedirectUri, AuthenticationBy.Basic),
        Stall => new(node, Stall, StallSecret, RedirectUri, AuthenticationBy.Basic),
        Poster => new(node, Poster, PosterSecret, RedirectUri, AuthenticationBy.Post),
        Portal => new(node, Portal, PortalSecret, RedirectUri, AuthenticationBy.Basic),
        Spa => new(node, Spa, null, SpaOrigin + "/callback", AuthenticationBy.None),
        Native => new(node, Native, null, "http://127.0.0.1/callback", AuthenticationBy.None),
        Machine => new(node, Machine, MachineSecret, null, AuthenticationBy.Basic),
        Api => new(node, Api, ApiSecret, null, AuthenticationBy.Basic),
        Reports => new(node, Reports, ReportsSecret, null, AuthenticationBy.Basic),
        _ => throw new ArgumentOutOfRangeException(nameof(clientId), clientId, "Not a client of the standard declaration."),
    };
}
