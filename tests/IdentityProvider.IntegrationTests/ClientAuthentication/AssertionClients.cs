using System.Net;
using System.Text.Json.Nodes;

namespace IdentityProvider.IntegrationTests.ClientAuthentication;

/// <summary>Clients that authenticate by <c>private_key_jwt</c>, each made for one test.</summary>
internal static class AssertionClients
{
    /// <summary>A machine with its public keys registered here.</summary>
    /// <param name="members">More members of its registration, or others in their place.</param>
    public static Task<RelyingParty> NewSignerAsync(this ProviderHost host, ClientKey key, JsonObject? members = null) =>
        host.DeclareAsync(key, new JsonObject { ["jwks"] = JsonNode.Parse(ClientKey.SetOf(key)) }, members);

    /// <summary>A machine that publishes its keys.</summary>
    public static Task<RelyingParty> NewPublisherAsync(this ProviderHost host, ClientKey key, string jwksUri, JsonObject? members = null) =>
        host.DeclareAsync(key, new JsonObject { ["jwks_uri"] = jwksUri }, members);

    /// <summary>A request for a token with this assertion.</summary>
    public static Task<ProtocolResponse> PresentAsync(this RelyingParty client, string assertion) =>
        client.TokenAsync(new() { ["grant_type"] = "client_credentials", ["scope"] = "orders", ["client_assertion"] = assertion });

    public static Task<ProtocolResponse> PresentAsync(this RelyingParty client, Action<ClientAssertion> change) =>
        client.PresentAsync(client.NewAssertion(change).Sign());

    /// <summary>RFC 6749 §5.2: 401 with <c>invalid_client</c>, and words that help.</summary>
    public static void AssertRefused(this ProtocolResponse answer, string because)
    {
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
        Assert.Contains(because, answer["error_description"], StringComparison.Ordinal);
    }

    /// <summary>A request without a usable assertion: the library says it in one of two ways, both of RFC 6749 §5.2.</summary>
    public static void AssertRefusedSomehow(this ProtocolResponse answer)
    {
        Assert.Contains(answer.Error, new[] { "invalid_client", "invalid_request" });
        Assert.Equal(answer.Error == "invalid_client" ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest, answer.Status);
    }

    private static async Task<RelyingParty> DeclareAsync(this ProviderHost host, ClientKey key, params IEnumerable<JsonObject?> members)
    {
        var client = new JsonObject
        {
            ["client_id"] = "signer-" + Wire.RandomText(9),
            ["token_endpoint_auth_method"] = "private_key_jwt",
            ["grant_types"] = new JsonArray("client_credentials"),
            ["scope"] = "orders",
        };
        foreach (var (name, value) in members.OfType<JsonObject>().SelectMany(some => some))
        {
            client[name] = value?.DeepClone();
        }

        await host.ApplyAsync(new JsonObject { ["clients"] = new JsonArray(client) }.ToJsonString());
        return new RelyingParty(host, client["client_id"]!.GetValue<string>(), null, "https://app.example/callback", AuthenticationBy.PrivateKeyJwt, key);
    }
}
