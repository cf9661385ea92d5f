using System.Text.Json;

namespace IdentityProvider.IntegrationTests.Permissions;

/// <summary>Two APIs with permissions of their own and one without, and people and machines that have roles there.</summary>
internal static class Publishing
{
    public const string Posts = "https://posts.example";
    public const string Bills = "https://bills.example";
    public const string ExchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
    public const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>What a token or an answer says that has none of the three claims.</summary>
    public const string Silent = "nothing said";

    private const string Secret = "publishing-secret-00000000000000000000000000";

    private const string Declaration = $$"""
        {
          "resources": [
            { "identifier": "{{Posts}}", "clients": ["posts-api", "relay"], "permissions": ["posts.create", { "name": "posts.delete", "description": "Delete any post" }] },
            { "identifier": "{{Bills}}", "clients": ["bills-api"], "permissions": ["bills.pay", "bills.read"] },
            { "identifier": "https://plain.example", "clients": ["plain-api", "bills-api"] }
          ],
          "scopes": [
            { "name": "posts", "resources": ["{{Posts}}"] },
            { "name": "bills", "resources": ["{{Bills}}"] },
            { "name": "plain", "resources": ["https://plain.example"] }
          ],
          "clients": [
            {
              "client_id": "desk", "client_secret": "{{Secret}}", "first_party": true, "redirect_uris": ["https://desk.example/callback"],
              "grant_types": ["authorization_code", "refresh_token", "implicit", "{{DeviceGrant}}"],
              "response_types": ["code", "id_token token"], "scope": "openid profile offline_access posts bills plain"
            },
            {
              "client_id": "private-desk", "client_secret": "{{Secret}}", "first_party": true, "redirect_uris": ["https://desk.example/callback"],
              "subject_type": "pairwise", "scope": "openid posts"
            },
            { "client_id": "relay", "client_secret": "{{Secret}}", "grant_types": ["client_credentials", "{{ExchangeGrant}}"], "scope": "openid posts bills" },
            { "client_id": "robot", "client_secret": "{{Secret}}", "grant_types": ["client_credentials"], "scope": "posts bills plain", "roles": ["author"] },
            { "client_id": "posts-api", "client_secret": "{{Secret}}", "grant_types": [] },
            { "client_id": "bills-api", "client_secret": "{{Secret}}", "grant_types": [] },
            { "client_id": "plain-api", "client_secret": "{{Secret}}", "grant_types": [] }
          ],
          "roles": [
            { "name": "author", "permissions": { "{{Posts}}": ["posts.create"] } },
            { "name": "editor", "inherits": ["author"], "permissions": { "{{Posts}}": ["posts.delete"] } },
            { "name": "clerk", "permissions": { "{{Bills}}": ["bills.read"] } },
            { "name": "boss", "inherits": ["editor", "clerk"] },
            { "name": "idle" }
          ]
        }
        """;

    public static async Task<ProviderHost> WithPublishingAsync(this SharedProviders providers, TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync(Declaration);
        return host;
    }

    /// <summary>A provider of the test's own, for leaps in time and changes that others would see.</summary>
    public static async Task<ProviderHost> StartAsync(TestDatabase database, IReadOnlyDictionary<string, string?>? configuration = null)
    {
        Installed.Require(database);
        var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Configuration = configuration ?? new Dictionary<string, string?>() });
        await host.ApplyAsync(Declaration);
        return host;
    }

    public static RelyingParty Party(this ProviderNode node, string clientId) => new(node, clientId, Secret, "https://desk.example/callback", AuthenticationBy.Basic);

    /// <param name="roles">As a declaration writes them: <c>["author"]</c>.</param>
    public static async Task<TestPerson> NewPersonAsync(this ProviderHost host, string roles)
    {
        var person = await host.NewPersonAsync();
        await host.AssignAsync(person, roles);
        return person;
    }

    public static Task AssignAsync(this ProviderHost host, TestPerson person, string roles) =>
        host.ApplyAsync($$"""{ "users": [{ "username": "{{person.UserName}}", "roles": {{roles}} }] }""");

    /// <summary>What an access token tells its API: roles, groups and entitlements.</summary>
    public static string AccessOf(string accessToken) => AccessOf(Wire.ClaimsOf(accessToken));

    /// <summary>What the API hears when it asks.</summary>
    public static async Task<string> AskAsync(this RelyingParty api, string accessToken)
    {
        var answer = (await api.IntrospectAsync(accessToken)).OrFail().Json;
        Assert.True(answer.GetProperty("active").GetBoolean());
        return AccessOf(answer);
    }

    public static string AccessOf(JsonElement claims)
    {
        string[] names = ["roles", "groups", "entitlements"];
        return names.Any(name => claims.TryGetProperty(name, out _))
            ? string.Join(" / ", names.Select(name => string.Join(' ', claims.GetProperty(name).EnumerateArray().Select(value => value.GetString()))))
            : Silent;
    }
}
