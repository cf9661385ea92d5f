using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.UnitTests.ResourceServer;

/// <summary>Guard attributes on the methods of a SignalR hub, which the authorization middleware never sees.</summary>
public sealed class HubTests
{
    private const char EndOfMessage = '\u001e';

    [Theory]
    [InlineData("Permission")]
    [InlineData("Permissions")]
    [InlineData("Role")]
    [InlineData("Scope")]
    [InlineData("Authentication")]
    [InlineData("Both")]
    public async Task A_method_is_guarded(string method)
    {
        await using var api = await ProtectedApi.StartAsync();
        var all = api.Mint.TokenWithGrants(claims =>
        {
            (claims["entitlements"], claims["roles"], claims["scope"]) = (new[] { "posts.delete", "posts.purge" }, new[] { "chief" }, "notes.write");
            (claims["acr"], claims["auth_time"]) = ("urn:strong", api.Clock.GetUtcNow().ToUnixTimeSeconds());
        });

        Assert.Equal("open", await CallAsync(api, "Open", api.Mint.TokenWithGrants()));
        Assert.Equal("refused", await CallAsync(api, method, api.Mint.TokenWithGrants()));
        Assert.Equal("done", await CallAsync(api, method, all));
    }

    [Fact]
    public async Task Two_attributes_add_up_and_so_does_the_policy_that_one_names()
    {
        await using var api = await ProtectedApi.StartAsync();

        Assert.Equal("refused", await CallAsync(api, "Permissions", api.Mint.TokenWith("entitlements", new[] { "posts.delete" })));
        Assert.Equal("refused", await CallAsync(api, "Permissions", api.Mint.TokenWith("entitlements", new[] { "posts.purge" })));
        Assert.Equal("refused", await CallAsync(api, "Both", api.Mint.TokenWith("entitlements", new[] { "posts.delete" })));
        Assert.Equal("refused", await CallAsync(api, "Both", api.Mint.TokenWith("scope", "notes.write")));
    }

    [Fact]
    public async Task The_policies_of_the_application_stay_as_they_are_and_the_default_one_is_asked_for_too()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddIdentityProviderAuthentication(TokenMint.Issuer, TokenMint.Audience);
        builder.Services.AddAuthorizationBuilder().SetDefaultPolicy(new AuthorizationPolicyBuilder().RequireClaim("default").Build()).AddPolicy("own", policy => policy.RequireClaim("own"));
        await using var app = builder.Build();
        var policies = app.Services.GetRequiredService<IAuthorizationPolicyProvider>();

        Assert.True(policies.AllowsCachingPolicies);
        Assert.Single((await policies.GetPolicyAsync("own"))!.Requirements);
        Assert.Null(await policies.GetPolicyAsync("unknown"));
        Assert.Null(await policies.GetFallbackPolicyAsync());
        var guard = (await AuthorizationPolicy.CombineAsync(policies, [new RequirePermissionAttribute("posts.delete")]))!;
        Assert.Equal(["Permission: posts.delete"], guard.Requirements.Select(requirement => requirement.ToString()!).Where(text => text.StartsWith("Permission", StringComparison.Ordinal)));
        Assert.Equal(3, guard.Requirements.Count);
    }

    /// <summary>One call by SignalR's JSON protocol.</summary>
    private static async Task<string?> CallAsync(ProtectedApi api, string method, string token)
    {
        using var socket = await api.ConnectAsync("/hub", token);
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        await SendAsync(socket, $$"""{"type":1,"invocationId":"1","target":"{{method}}","arguments":[]}""");
        var heard = "";
        var buffer = new byte[4096];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
            heard += Encoding.UTF8.GetString(buffer, 0, part.Count);
            foreach (var message in heard.Split(EndOfMessage)[..^1])
            {
                using var json = JsonDocument.Parse(message);
                if (json.RootElement.TryGetProperty("invocationId", out _))
                {
                    return json.RootElement.TryGetProperty("result", out var result) ? result.GetString()
                        : json.RootElement.GetProperty("error").GetString()!.Contains("unauthorized", StringComparison.Ordinal) ? "refused" : message;
                }
            }
        }
    }

    private static Task SendAsync(WebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + EndOfMessage), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
}
