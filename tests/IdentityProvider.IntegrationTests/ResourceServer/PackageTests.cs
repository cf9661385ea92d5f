using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace IdentityProvider.IntegrationTests.ResourceServer;

/// <summary>The package as somebody else uses it, with the program of docs/protect-your-api.md.</summary>
public sealed class PackageTests(SharedProviders providers)
{
    private const string Audience = "https://posts.example";
    private const string Secret = "posts-machine-secret-0000000000000000000000";

    private const string Declaration = $$"""
        {
          "resources": [{ "identifier": "{{Audience}}", "name": "Posts", "permissions": ["posts.create", "posts.delete"] }, { "identifier": "https://elsewhere.example", "name": "Elsewhere" }],
          "scopes": [
            { "name": "posts.read", "resources": ["{{Audience}}"] },
            { "name": "posts.browse", "resources": ["{{Audience}}"] },
            { "name": "posts.write", "resources": ["{{Audience}}"] },
            { "name": "elsewhere.read", "resources": ["https://elsewhere.example"] }
          ],
          "clients": [
            { "client_id": "posts-machine", "client_secret": "{{Secret}}", "grant_types": ["client_credentials"], "scope": "posts.read posts.browse posts.write elsewhere.read" },
            {
              "client_id": "posts-author", "client_secret": "{{Secret}}", "grant_types": ["client_credentials"], "scope": "posts.read posts.write", "roles": ["posts-author"]
            }
          ],
          "roles": [{ "name": "posts-author", "permissions": { "{{Audience}}": ["posts.create"] } }]
        }
        """;

    [Fact]
    public async Task A_fresh_web_project_installs_it_and_is_protected()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        await provider.ApplyAsync(Declaration);
        await using var project = new FreshProject();
        await project.PackAsync();
        var (files, dependencies) = project.Inspect();
        Assert.Superset(
            new HashSet<string>(["README.md", "lib/net10.0/IdentityProvider.ResourceServer.dll", "lib/net10.0/IdentityProvider.ResourceServer.xml"]), files.ToHashSet());
        Assert.Contains("Microsoft.AspNetCore.Authentication.JwtBearer", dependencies);
        Assert.All(dependencies, dependency => Assert.StartsWith("Microsoft.", dependency, StringComparison.Ordinal));

        await project.BuildAsync(FreshProject.ProgramOf("protect-your-api.md"));
        await project.StartAsync(provider.Issuer, Audience);

        var reader = await TokenAsync(provider, "posts.read");
        var nobody = await project.Http.GetAsync("/posts");
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (nobody.StatusCode, nobody.Headers.WwwAuthenticate.ToString()));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(project.Http, HttpMethod.Get, reader)).StatusCode);

        var withoutScope = await SendAsync(project.Http, HttpMethod.Get, await TokenAsync(provider, "posts.browse"));
        Assert.Equal(HttpStatusCode.Forbidden, withoutScope.StatusCode);
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"posts.read\"", withoutScope.Headers.WwwAuthenticate.ToString());

        var withoutPermission = await SendAsync(project.Http, HttpMethod.Post, await TokenAsync(provider, "posts.write"), new { Text = "Hello" });
        Assert.Equal(HttpStatusCode.Forbidden, withoutPermission.StatusCode);
        using var problem = JsonDocument.Parse(await withoutPermission.Content.ReadAsStringAsync());
        Assert.Equal("posts.create", Assert.Single(problem.RootElement.GetProperty("required_permissions").EnumerateArray()).GetString());

        var author = await SendAsync(project.Http, HttpMethod.Post, await TokenAsync(provider, "posts.write", "posts-author"), new { Text = "Hello" });
        Assert.Equal(HttpStatusCode.Created, author.StatusCode);
        var onlyReading = await SendAsync(project.Http, HttpMethod.Post, await TokenAsync(provider, "posts.read", "posts-author"), new { Text = "Hello" });
        Assert.Equal(HttpStatusCode.Forbidden, onlyReading.StatusCode);
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"posts.write\"", onlyReading.Headers.WwwAuthenticate.ToString());

        var elsewhere = await SendAsync(project.Http, HttpMethod.Get, await TokenAsync(provider, "elsewhere.read"));
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
        Assert.StartsWith("Bearer error=\"invalid_token\"", elsewhere.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> TokenAsync(ProviderHost provider, string scope, string client = "posts-machine") =>
        (await new RelyingParty(provider, client, Secret, null, AuthenticationBy.Basic).ClientCredentialsAsync(scope)).OrFail().AccessToken;

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/posts") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request);
    }
}
