using System.Net;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Testing;

namespace IdentityProvider.IntegrationTests.Clients;

public sealed class CrossOriginTests(SharedProviders providers)
{
    private const string AllowOrigin = "Access-Control-Allow-Origin";
    private const string Stranger = "https://stranger.example";

    [Theory] // DI27
    [InlineData(".well-known/openid-configuration")]
    [InlineData(".well-known/oauth-authorization-server")]
    [InlineData(".well-known/jwks")]
    public async Task What_everybody_may_know_every_origin_may_read(string path)
    {
        var node = await providers.OnAsync(TestDatabase.Sqlite);

        using var response = await SendAsync(node, HttpMethod.Get, path, Stranger);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("*", Header(response, AllowOrigin));
    }

    [Theory] // TK27, UI18
    [InlineData("connect/par", "POST")]
    [InlineData("connect/token", "POST")]
    [InlineData("connect/revoke", "POST")]
    [InlineData("connect/userinfo", "GET")]
    public async Task A_preflight_from_a_registered_origin_is_answered_without_credentials(string path, string method)
    {
        var node = await providers.OnAsync(TestDatabase.Sqlite);

        using var response = await PreflightAsync(node, path, StandardDeclaration.SpaOrigin, method);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(StandardDeclaration.SpaOrigin, Header(response, AllowOrigin));
        Assert.Contains("authorization", Header(response, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(method, Header(response, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Null(Header(response, "Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("connect/token", Stranger)]
    [InlineData("connect/userinfo", Stranger)]
    [InlineData("connect/revoke", "null")]
    [InlineData("connect/token", "https://spa.example.evil")]
    [InlineData("connect/token", "http://spa.example")]
    [InlineData("connect/introspect", StandardDeclaration.SpaOrigin)]
    [InlineData("connect/authorize", StandardDeclaration.SpaOrigin)]
    [InlineData("login", StandardDeclaration.SpaOrigin)]
    public async Task Other_origins_and_other_paths_are_closed(string path, string origin)
    {
        var node = await providers.OnAsync(TestDatabase.Sqlite);

        using var response = await PreflightAsync(node, path, origin, "POST");

        Assert.Null(Header(response, AllowOrigin));
    }

    [Fact]
    public async Task A_script_may_read_why_it_was_refused()
    {
        var node = await providers.OnAsync(TestDatabase.Sqlite);

        using var token = await SendAsync(node, HttpMethod.Post, "connect/token", StandardDeclaration.SpaOrigin);
        using var userInfo = await SendAsync(node, HttpMethod.Get, "connect/userinfo", StandardDeclaration.SpaOrigin);

        Assert.Equal(HttpStatusCode.BadRequest, token.StatusCode);
        Assert.Equal(StandardDeclaration.SpaOrigin, Header(token, AllowOrigin));
        Assert.Contains("Origin", Header(token, "Vary"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(StandardDeclaration.SpaOrigin, Header(userInfo, AllowOrigin));
        Assert.Contains("WWW-Authenticate", Header(userInfo, "Access-Control-Expose-Headers"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_client_registered_on_another_node_opens_its_origin_within_seconds(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = "{}" });
        await using var other = await node.StartSecondNodeAsync();
        Assert.False(await IsOpenAsync(other));

        await node.MustDeclareAsync(
            """{ "clients": [{ "client_id": "spa", "token_endpoint_auth_method": "none", "redirect_uris": ["https://spa.example/callback"] }] }""");

        Assert.True(await DeclarationSteps.WithinAsync(TimeSpan.FromSeconds(5), () => IsOpenAsync(other)));
    }

    private static async Task<bool> IsOpenAsync(ProviderHost node)
    {
        using var response = await PreflightAsync(node, "connect/token", "https://spa.example", "POST");
        return Header(response, AllowOrigin) is not null;
    }

    private static async Task<HttpResponseMessage> PreflightAsync(ProviderHost node, string path, string origin, string method)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return await node.Http.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> SendAsync(ProviderHost node, HttpMethod method, string path, string origin)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        if (method == HttpMethod.Post)
        {
            request.Content = new FormUrlEncodedContent([]);
        }

        return await node.Http.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
