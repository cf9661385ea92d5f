using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>Tokens that were signed with a key of this server and are no good nevertheless, wherever it reads one that a client has for itself.</summary>
public sealed class UnusableTokenTests
{
    private const string Api = "https://doors.example";
    private const string Secret = "doors-secret-00000000000000000000000000000000";

    private const string Declaration = $$"""
        {
          "resources": [{ "identifier": "{{Api}}", "clients": ["doors-api"], "permissions": ["doors.open"] }],
          "scopes": [{ "name": "doors", "resources": ["{{Api}}"] }],
          "clients": [
            { "client_id": "doors-api", "client_secret": "{{Secret}}", "grant_types": ["client_credentials"] },
            { "client_id": "robot", "client_secret": "{{Secret}}", "grant_types": ["client_credentials"], "scope": "doors administration", "roles": ["client-manager"] }
          ]
        }
        """;

    [Theory]
    [OnEachDatabase("introspection")]
    [OnEachDatabase("administration")]
    [OnEachDatabase("decisions")]
    public async Task Before_or_after_its_time_for_somebody_else_or_signed_by_a_key_removed_an_hour_ago_it_opens_nothing(TestDatabase database, string door)
    {
        Installed.Require(database);
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync(Declaration);
        var now = host.Clock.GetUtcNow().UtcDateTime;
        var lasting = await SignAsync(host, door, expires: now.AddHours(3));

        Assert.True(await OpensAsync(host, door, await SignAsync(host, door)));
        Assert.True(await OpensAsync(host, door, await SignAsync(host, door, notBefore: now.AddMinutes(-1))));
        Assert.True(await OpensAsync(host, door, lasting));
        Assert.False(await OpensAsync(host, door, await SignAsync(host, door, expires: now.AddMinutes(-1))));
        Assert.False(await OpensAsync(host, door, await SignAsync(host, door, notBefore: now.AddMinutes(5))));
        Assert.False(await OpensAsync(host, door, await SignAsync(host, door, notBefore: now.AddYears(100))));
        Assert.False(await OpensAsync(host, door, await SignAsync(host, door, audience: "https://other.example")));

        await SignedToken.ReplaceKeysAsync(host);
        host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await OpensAsync(host, door, lasting));
        Assert.True(await OpensAsync(host, door, await SignAsync(host, door)));
    }

    private static Task<string> SignAsync(ProviderHost host, string door, string? audience = null, DateTime? notBefore = null, DateTime? expires = null) => door switch
    {
        "introspection" => SignedToken.OfAsync(host, audience ?? Api, "robot", "doors", notBefore, expires),
        "administration" => SignedToken.OfAsync(host, audience ?? "urn:identityprovider:administration", "robot", "administration", notBefore, expires),
        _ => SignedToken.OfAsync(host, audience ?? host.Issuer, "doors-api", null, notBefore, expires),
    };

    private static async Task<bool> OpensAsync(ProviderHost host, string door, string token)
    {
        var api = new RelyingParty(host, "doors-api", Secret, null, AuthenticationBy.Basic);
        if (door == "introspection")
        {
            return (await api.IntrospectAsync(token)).OrFail().Json.GetProperty("active").GetBoolean();
        }

        var request = door == "administration" ? new HttpRequestMessage(HttpMethod.Get, "admin/v1/clients") : new HttpRequestMessage(HttpMethod.Post, "access/v1/evaluation")
        {
            Content = new StringContent(
                """{ "subject": { "type": "client", "id": "robot" }, "action": { "name": "doors.open" }, "resource": { "type": "door", "id": "1" } }""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await api.SendAsync(request);
        if (answer.Succeeded)
        {
            return true;
        }

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("error=\"invalid_token\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        return false;
    }
}
