using System.Globalization;
using System.Text.Json.Nodes;

namespace IdentityProvider.Benchmarks.Servers;

/// <summary>The people and clients of the benchmark, the same on every server.</summary>
internal static class Cast
{
    public const int People = 16;

    /// <summary>First party, confidential: code flow with PKCE, refresh, pushed requests.</summary>
    public const string Portal = "portal";

    /// <summary>Client credentials.</summary>
    public const string Machine = "machine";

    /// <summary>An API: introspects the tokens that are meant for it.</summary>
    public const string Api = "orders-api";

    /// <summary>First party, and told when a session ends.</summary>
    public const string Told = "told";

    public const string ApiResource = "https://api.example";
    public const string ApiScope = "orders";
    public const string RedirectUri = "https://app.example/callback";

    /// <summary>What the code flow asks for.</summary>
    public const string Scope = "openid profile email offline_access " + ApiScope;

    // 43 base64url characters each, as the product wants them outside Development.
    public const string PortalSecret = "pJ4t0bYtq8M2x9qR1v7sN3kL5wZ6cH0dF8gA2jE4uTo";
    public const string MachineSecret = "mQ1r8vN5sX2kT7wB4yL9cD6hJ3fG0pZaEoUiRtYxWvS";
    public const string ApiSecret = "aV6n3mK9xS2bW5qT8rC1yJ4hL7gF0dZpEoUiQtRyXvM";

    public const string ToldSecret = "tZ2m7vK4sW9qB5rN8yC3xJ6hL1gF0dPaEoUiQtRyXvM";

    public static Person Person(int number) => new(
        "person" + number.ToString("00", CultureInfo.InvariantCulture),
        "benchmark-password-" + number.ToString("00", CultureInfo.InvariantCulture),
        "subject-" + number.ToString("00", CultureInfo.InvariantCulture));

    /// <summary>The product's declaration file.</summary>
    /// <param name="logoutUri">Where <see cref="Told"/> is told.</param>
    public static JsonObject Declaration(string logoutUri)
    {
        var users = Enumerable.Range(0, People).Select(number => Declared(Person(number)));
        return new JsonObject
        {
            ["resources"] = new JsonArray(new JsonObject
            {
                ["identifier"] = ApiResource, ["name"] = "Orders API", ["clients"] = new JsonArray(Api),
            }),
            ["scopes"] = new JsonArray(new JsonObject
            {
                ["name"] = ApiScope, ["description"] = "See and place your orders", ["resources"] = new JsonArray(ApiResource),
            }),
            ["clients"] = new JsonArray(
                new JsonObject
                {
                    ["client_id"] = Portal, ["client_secret"] = PortalSecret, ["client_name"] = "Portal", ["first_party"] = true,
                    ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
                    ["redirect_uris"] = new JsonArray(RedirectUri), ["scope"] = Scope,
                },
                new JsonObject
                {
                    ["client_id"] = Told, ["client_secret"] = ToldSecret, ["first_party"] = true,
                    ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
                    ["redirect_uris"] = new JsonArray(RedirectUri), ["scope"] = Scope, ["backchannel_logout_uri"] = logoutUri,
                },
                new JsonObject
                {
                    ["client_id"] = Machine, ["client_secret"] = MachineSecret,
                    ["grant_types"] = new JsonArray("client_credentials"), ["scope"] = ApiScope,
                },
                new JsonObject { ["client_id"] = Api, ["client_secret"] = ApiSecret, ["grant_types"] = new JsonArray() }),
            ["users"] = new JsonArray([.. users]),
        };
    }

    /// <summary>A person in the declaration.</summary>
    public static JsonObject Declared(Person person) => new()
    {
        ["username"] = person.UserName,
        ["password"] = person.Password,
        ["sub"] = person.Subject,
        ["name"] = person.Name,
        ["given_name"] = "Given",
        ["family_name"] = person.UserName,
        ["email"] = person.Email,
        ["email_verified"] = true,
    };
}

/// <summary>Somebody who signs in.</summary>
internal sealed record Person(string UserName, string Password, string Subject)
{
    public string Name => "Given " + UserName;

    public string Email => UserName + "@example.com";
}
