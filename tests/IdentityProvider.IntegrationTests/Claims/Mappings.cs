namespace IdentityProvider.IntegrationTests.Claims;

/// <summary>Scopes and an API with claim mappings of every kind, and who may ask for them.</summary>
internal static class Mappings
{
    public const string Api = "https://map.example";

    private const string Secret = "mapping-secret-000000000000000000000000000000";

    private const string Declaration = $$"""
        {
          "resources": [
            {
              "identifier": "{{Api}}", "clients": ["map-api"], "permissions": ["map.read", "map.write"],
              "claim_mappings": [
                { "claim": "https://example.com/deployment", "value": { "region": "eu" }, "in": ["access_token"] },
                { "claim": "api_roles", "from": "roles", "prefix": "role:", "in": ["access_token", "introspection"] },
                { "claim": "country", "from": "user.address.country", "lowercase": true, "in": ["access_token", "introspection"] },
                { "claim": "made_for", "from": "client.client_name", "in": ["access_token"] }
              ]
            },
            { "identifier": "https://map-other.example", "clients": ["map-other-api"] }
          ],
          "scopes": [
            { "name": "map-read", "resources": ["{{Api}}"] },
            { "name": "map-other", "resources": ["https://map-other.example"] },
            {
              "name": "map-me", "description": "Know a few things about you",
              "claim_mappings": [
                { "claim": "grafana", "from": "roles", "type": "string", "values": { "map-admin": "Admin", "map-writer": "Editor", "map-reader": "Viewer" }, "in": ["id_token"] },
                { "claim": "teams", "from": "groups", "values": { "map-crew": "map-crew" }, "in": ["id_token"], "clients": ["map-app", "map-pairwise"] },
                { "claim": "level", "from": "user.nickname", "type": "number", "in": ["id_token"] },
                { "claim": "grown_up", "from": "user.gender", "type": "boolean", "values": { "female": true, "male": true }, "in": ["id_token"] },
                { "claim": "extra", "from": "user.website", "type": "object", "in": ["userinfo"] }
              ]
            }
          ],
          "clients": [
            { "client_id": "map-app", "client_name": "map-app", "client_secret": "{{Secret}}", "first_party": true, "redirect_uris": ["https://map-app.example/callback"],
              "grant_types": ["authorization_code", "refresh_token"], "scope": "openid profile offline_access map-me map-read map-other" },
            { "client_id": "map-spare", "client_secret": "{{Secret}}", "redirect_uris": ["https://map-app.example/callback"], "scope": "openid map-me map-read" },
            { "client_id": "map-pairwise", "client_secret": "{{Secret}}", "redirect_uris": ["https://map-app.example/callback"], "subject_type": "pairwise", "scope": "openid map-me map-read" },
            { "client_id": "map-robot", "client_name": "Robot No. 1", "client_secret": "{{Secret}}", "grant_types": ["client_credentials"], "scope": "map-read map-other", "roles": ["map-reader"] },
            { "client_id": "map-api", "client_secret": "{{Secret}}", "grant_types": [] },
            { "client_id": "map-other-api", "client_secret": "{{Secret}}", "grant_types": [] }
          ],
          "roles": [
            { "name": "map-reader", "permissions": { "{{Api}}": ["map.read"] } },
            { "name": "map-writer", "inherits": ["map-reader"], "permissions": { "{{Api}}": ["map.write"] } }
          ]
        }
        """;

    public static async Task<ProviderHost> OnAsync(SharedProviders providers, TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync(Declaration);
        return host;
    }

    public static async Task<ProviderHost> StartAsync(ProviderSettings settings)
    {
        var host = await ProviderHost.StartAsync(settings);
        await host.ApplyAsync(Declaration);
        return host;
    }

    public static RelyingParty Party(this ProviderNode node, string clientId) => new(node, clientId, Secret, "https://map-app.example/callback", AuthenticationBy.Basic);

    /// <summary>A person with an attribute for each mapping, in the group <c>map-crew</c>.</summary>
    /// <param name="roles">As a declaration writes them.</param>
    public static async Task<TestPerson> NewMappedPersonAsync(this ProviderHost host, string roles)
    {
        var person = await host.NewPersonAsync();
        await host.ApplyAsync($$"""
            {
              "users": [{
                "username": "{{person.UserName}}", "roles": {{roles}}, "nickname": "42", "gender": "female", "website": "{ \"shoe\": 44 }",
                "address": { "country": "DE", "locality": "Berlin" }
              }]
            }
            """);
        await host.ApplyAsync($$"""{ "groups": [{ "name": "map-crew", "users": ["{{person.UserName}}"] }] }""");
        return person;
    }
}
