using System.Net;
using System.Text.Json;

namespace IdentityProvider.IntegrationTests.Evaluation;

/// <summary>AuthZEN §9.</summary>
public sealed class EvaluationMetadataTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task It_says_what_there_is_under_the_issuers_name(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        var answer = await ProtocolResponse.ReadAsync(await host.Http.GetAsync(".well-known/authzen-configuration"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal("public, max-age=3600", answer.Headers["Cache-Control"]);
        Assert.Equal(
            $"policy_decision_point={host.Issuer} access_evaluation_endpoint={host.Issuer}/access/v1/evaluation "
            + $"access_evaluations_endpoint={host.Issuer}/access/v1/evaluations search_action_endpoint={host.Issuer}/access/v1/search/action",
            string.Join(' ', answer.Json.EnumerateObject().Select(member => $"{member.Name}={member.Value.GetString()}")));
        using var head = await host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, ".well-known/authzen-configuration"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Fact] // §9.2, RFC 8615: the well-known part comes before the path; below it the document is, too, where the others are.
    public async Task An_issuer_below_a_path_is_found_both_ways()
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Issuer = "https://login.example/tenants/one" });

        foreach (var address in new[] { "https://login.example/.well-known/authzen-configuration/tenants/one", "https://login.example/tenants/one/.well-known/authzen-configuration" })
        {
            var json = JsonDocument.Parse(await host.Http.GetStringAsync(address)).RootElement;

            Assert.Equal(host.Issuer, json.GetProperty("policy_decision_point").GetString());
            Assert.Equal("https://login.example/tenants/one/access/v1/evaluation", json.GetProperty("access_evaluation_endpoint").GetString());
        }

        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("https://login.example/.well-known/authzen-configuration/tenants/two")).StatusCode);
    }
}
