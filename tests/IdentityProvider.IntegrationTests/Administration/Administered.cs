using System.Net.Http.Headers;
using System.Text;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>A provider for each database that is administered, apart from those of the other tests: administrators end set-up and rotate keys.</summary>
public sealed class AdministeredProviders : IAsyncDisposable
{
    private readonly SharedProviders own = new();

    public async Task<ProviderHost> OnAsync(TestDatabase database)
    {
        var host = await own.OnAsync(database);
        await host.ApplyAsync(Administered.Declaration);
        return host;
    }

    public ValueTask DisposeAsync() => own.DisposeAsync();
}

/// <summary>People and machines who administer, and how they ask.</summary>
internal static class Administered
{
    public const string Posts = "https://posts.example";
    public const string Identifier = "urn:identityprovider:administration";

    private const string Secret = "administered-secret-0000000000000000000000000";

    public const string Declaration = $$"""
        {
          "resources": [{ "identifier": "{{Posts}}", "permissions": ["posts.create", "posts.delete"] }],
          "scopes": [{ "name": "posts", "resources": ["{{Posts}}"] }],
          "clients": [
            {
              "client_id": "console", "client_secret": "{{Secret}}", "first_party": true, "redirect_uris": ["https://console.example/callback"],
              "grant_types": ["authorization_code", "refresh_token"], "scope": "openid offline_access administration posts"
            },
            { "client_id": "plain-app", "client_secret": "{{Secret}}", "first_party": true, "redirect_uris": ["https://console.example/callback"], "scope": "openid posts" },
            { "client_id": "robot", "client_secret": "{{Secret}}", "grant_types": ["client_credentials"], "scope": "administration posts", "roles": ["client-manager"] },
            { "client_id": "idle-robot", "client_secret": "{{Secret}}", "grant_types": ["client_credentials"], "scope": "administration posts" }
          ],
          "roles": [
            { "name": "author", "permissions": { "{{Posts}}": ["posts.create"] } },
            { "name": "editor", "inherits": ["author"], "permissions": { "{{Posts}}": ["posts.delete"] } },
            { "name": "support-lead", "inherits": ["help-desk", "access-manager"] },
            { "name": "team-lead", "inherits": ["author", "access-manager"] }
          ],
          "groups": [
            { "name": "support", "roles": ["help-desk"] },
            { "name": "keepers", "roles": ["key-custodian"] },
            { "name": "writers", "roles": ["author"] }
          ]
        }
        """;

    public static RelyingParty Party(this ProviderNode node, string clientId) =>
        new(node, clientId, Secret, "https://console.example/callback", AuthenticationBy.Basic);

    /// <param name="roles">As a declaration writes them: <c>["help-desk"]</c>.</param>
    public static async Task<TestPerson> NewPersonAsync(this ProviderHost host, string roles)
    {
        var person = await host.NewPersonAsync();
        await host.AssignAsync(person, roles);
        return person;
    }

    public static Task AssignAsync(this ProviderHost host, TestPerson person, string roles) =>
        host.ApplyAsync($$"""{ "users": [{ "username": "{{person.UserName}}", "roles": {{roles}} }] }""");

    /// <summary>Somebody with these roles, signed in at the console.</summary>
    public static async Task<Administrator> NewAdministratorAsync(this ProviderHost host, string roles)
    {
        var person = await host.NewPersonAsync(roles);
        return new Administrator(host, person, await host.TokenAsync(person));
    }

    public static async Task<string> TokenAsync(this ProviderHost host, TestPerson person) =>
        (await host.Party("console").SignInAsync(person, "openid administration")).OrFail().AccessToken;

    public static async Task<string> TokenAsync(this ProviderNode node, string robot, string scope = "administration") =>
        (await node.Party(robot).ClientCredentialsAsync(scope)).OrFail().AccessToken;

    public static Task<ProtocolResponse> AskAsync(this ProviderNode node, string? token, string method, string path, string? body = null,
        Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "admin/v1" + path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        return node.Party("console").SendAsync(request);
    }
}

/// <summary>Somebody who administers, with their token.</summary>
internal sealed record Administrator(ProviderHost Host, TestPerson Person, string Token)
{
    public Task<ProtocolResponse> AskAsync(string method, string path, string? body = null) => Host.AskAsync(Token, method, path, body);
}
