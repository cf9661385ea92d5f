using System.Net;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>Pushed authorization requests as a client sends them (RFC 9126).</summary>
internal static class Pushing
{
    public const string Prefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>First party, and may only use requests that it pushed.</summary>
    public const string Pusher = "pusher";

    private const string PusherSecret = "pusher-secret-00000000000000000000000000000";

    public static async Task<RelyingParty> PusherAsync(this ProviderHost host)
    {
        await host.ApplyAsync($$"""
            {
              "clients": [
                {
                  "client_id": "{{Pusher}}", "client_name": "Pusher", "client_secret": "{{PusherSecret}}",
                  "redirect_uris": ["{{StandardDeclaration.RedirectUri}}"], "scope": "openid profile",
                  "first_party": true, "require_pushed_authorization_requests": true
                }
              ]
            }
            """);
        return new RelyingParty(host, Pusher, PusherSecret, StandardDeclaration.RedirectUri, AuthenticationBy.Basic);
    }

    public static Task<ProtocolResponse> PushAsync(this RelyingParty client, AuthorizationRequest request) =>
        client.PostAsync("connect/par", new(request.Parameters));

    /// <summary>Pushes a request and tells the address that opens it.</summary>
    public static async Task<string> PushedUrlAsync(this RelyingParty client, AuthorizationRequest request)
    {
        var pushed = await client.PushAsync(request);
        Assert.True(pushed.Status == HttpStatusCode.Created, $"Expected 201, got {pushed}");
        return client.UrlOf(pushed["request_uri"]);
    }

    public static string UrlOf(this RelyingParty client, string requestUri, params (string Name, string Value)[] more) =>
        client.Node.Issuer + "/connect/authorize?" + Wire.QueryOf(
            [new("client_id", client.ClientId), new("request_uri", requestUri), .. more.Select(one => KeyValuePair.Create(one.Name, one.Value))]);

    /// <summary>No client is told; the page names the error.</summary>
    public static void AssertShown(Page page, string error = "invalid_request_uri")
    {
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Location);
        Assert.Equal(error, page.TextOf("error"));
    }
}
