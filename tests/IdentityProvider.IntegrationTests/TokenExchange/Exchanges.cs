namespace IdentityProvider.IntegrationTests.TokenExchange;

/// <summary>A front that people sign in to, an API it calls, and a second API behind that.</summary>
internal static class Exchanges
{
    public const string Grant = "urn:ietf:params:oauth:grant-type:token-exchange";
    public const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";
    public const string First = "https://first.example";
    public const string Second = "https://second.example";

    private const string Secret = "exchange-secret-0000000000000000000000000000";

    private const string Declaration = $$"""
        {
          "resources": [
            { "identifier": "{{First}}", "name": "First API", "clients": ["middle"] },
            { "identifier": "{{Second}}", "name": "Second API", "clients": ["last"] }
          ],
          "scopes": [
            { "name": "first", "resources": ["{{First}}"] },
            { "name": "second", "resources": ["{{Second}}"] }
          ],
          "clients": [
            {
              "client_id": "front", "client_secret": "{{Secret}}", "grant_types": ["authorization_code", "refresh_token"],
              "redirect_uris": ["https://app.example/callback"], "scope": "openid profile offline_access first second", "first_party": true
            },
            { "client_id": "middle", "client_secret": "{{Secret}}", "grant_types": ["client_credentials", "{{Grant}}"], "scope": "openid second first" },
            { "client_id": "last", "client_secret": "{{Secret}}", "grant_types": ["client_credentials", "{{Grant}}"], "scope": "second" },
            {
              "client_id": "support", "client_secret": "{{Secret}}", "grant_types": ["client_credentials", "{{Grant}}"], "scope": "second",
              "token_exchange": { "impersonation": true, "delegation": false, "subject_token_clients": ["front"] }
            },
            { "client_id": "stranger", "client_secret": "{{Secret}}", "grant_types": ["client_credentials", "{{Grant}}"], "scope": "first second" },
            { "client_id": "machine-only", "client_secret": "{{Secret}}", "grant_types": ["client_credentials"], "scope": "first second" }
          ]
        }
        """;

    public static Task DeclareExchangesAsync(this ProviderHost host) => host.ApplyAsync(Declaration);

    public static async Task<ProviderHost> WithExchangesAsync(this SharedProviders providers, TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync(Declaration);
        return host;
    }

    public static async Task<ProviderHost> StartAsync(TestDatabase database)
    {
        Installed.Require(database);
        var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync(Declaration);
        return host;
    }

    public static RelyingParty Party(this ProviderNode node, string clientId) =>
        new(node, clientId, Secret, "https://app.example/callback", AuthenticationBy.Basic);

    /// <summary>RFC 8693 §2.1, with or without an actor.</summary>
    public static Task<ProtocolResponse> ExchangeTokenAsync(
        this RelyingParty client, string subjectToken, string? actorToken = null, Action<Dictionary<string, string>>? change = null)
    {
        Dictionary<string, string> form = new() { ["grant_type"] = Grant, ["subject_token"] = subjectToken, ["subject_token_type"] = AccessTokenType };
        if (actorToken is not null)
        {
            (form["actor_token"], form["actor_token_type"]) = (actorToken, AccessTokenType);
        }

        change?.Invoke(form);
        return client.TokenAsync(form);
    }

    /// <summary>The client's token for itself: what it proves with that it is the actor.</summary>
    public static async Task<string> OwnTokenAsync(this RelyingParty client, string? scope = null) =>
        (await client.ClientCredentialsAsync(scope)).OrFail().AccessToken;
}
