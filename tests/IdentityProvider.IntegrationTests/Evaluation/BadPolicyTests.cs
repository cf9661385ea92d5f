using System.Diagnostics;
using IdentityProvider.IntegrationTests.Permissions;
using static IdentityProvider.IntegrationTests.Evaluation.Asking;

namespace IdentityProvider.IntegrationTests.Evaluation;

/// <summary>Policies that pass their own tests, and then meet what they cannot be evaluated over: what permits does not permit, and what forbids does.</summary>
public sealed class BadPolicyTests
{
    private const string Ratio = "10 / resource.properties.n > 1";
    private const string Loop = "resource.properties.list.all(a, resource.properties.list.all(b, resource.properties.list.all(c, a + b + c > 0)))";
    private const string Same = "resource.properties.owner == resource.properties.editor";

    private static readonly string longList = $"\"list\": [{string.Join(", ", Enumerable.Repeat("1", 1000))}]";

    [Theory]
    [OnEachDatabase("ratio", "divided by zero", "\"n\": 0")]
    [OnEachDatabase("ratio", "", "\"n\": null")]
    [OnEachDatabase("ratio", "", "\"n\": 1.5e308")]
    [OnEachDatabase("ratio", "", "\"n\": \"2\"")]
    [OnEachDatabase("ratio", "", "")]
    [OnEachDatabase("loop", "", "long")]
    [OnEachDatabase("loop", "", "\"list\": null")]
    [OnEachDatabase("same", "", "\"owner\": null, \"editor\": null")]
    [OnEachDatabase("same", "", "\"owner\": \"ada\", \"editor\": null")]
    [OnEachDatabase("same", "", "\"owner\": 5, \"editor\": \"5\"")]
    [OnEachDatabase("same", "", "\"owner\": {}, \"editor\": {}")]
    public async Task What_cannot_be_evaluated_opens_nothing_and_takes_no_time(TestDatabase database, string policy, string told, string properties)
    {
        Installed.Require(database);
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync(Declaration);
        var (api, person) = (host.Party("strict-api"), await host.NewPersonAsync("""["keeper"]"""));
        var sent = properties == "long" ? longList : properties;
        async Task<(bool IsPermitted, string Reason)> AskAsync(string action, string about)
        {
            var answer = (await api.AskAsync($$"""
                {
                  "subject": { "type": "user", "id": "{{person.Subject}}" }, "action": { "name": "{{action}}-{{policy}}" },
                  "resource": { "type": "things", "id": "7", "properties": { {{about}} } }
                }
                """)).OrFail().Json;
            return (Decided(answer), ReasonOf(answer));
        }

        // As meant, both ways: what permits does, and what forbids does not.
        Assert.True((await AskAsync("permit", "\"n\": 2, \"list\": [1, 2], \"owner\": \"ada\", \"editor\": \"ada\"")).IsPermitted);
        Assert.True((await AskAsync("forbid", "\"n\": 20, \"list\": [-5, 2], \"owner\": \"ada\", \"editor\": \"bob\"")).IsPermitted);

        var watch = Stopwatch.StartNew();
        var permitting = await AskAsync("permit", sent);
        var forbidding = await AskAsync("forbid", sent);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.False(permitting.IsPermitted);
        Assert.False(forbidding.IsPermitted);
        Assert.StartsWith($"The policy forbid-{policy} forbids it, because it could not be evaluated: ", forbidding.Reason, StringComparison.Ordinal);
        Assert.Contains(told, forbidding.Reason, StringComparison.Ordinal);
    }

    private static string Declaration => $$"""
        {
          "resources": [
            {
              "identifier": "https://strict.example", "clients": ["strict-api"], "permissions": ["forbid-ratio", "forbid-loop", "forbid-same"],
              "policies": [
                {{Both("ratio", Ratio, "\"n\": 2", "\"n\": 20")}},
                {{Both("loop", Loop, "\"list\": [1, 2]", "\"list\": [-5, 2]")}},
                {{Both("same", Same, "\"owner\": \"ada\", \"editor\": \"ada\"", "\"owner\": \"ada\", \"editor\": \"bob\"")}}
              ]
            }
          ],
          "roles": [{ "name": "keeper", "permissions": { "https://strict.example": ["forbid-ratio", "forbid-loop", "forbid-same"] } }],
          "clients": [{ "client_id": "strict-api", "client_secret": "publishing-secret-00000000000000000000000000", "grant_types": [] }]
        }
        """;

    private static string Both(string name, string condition, string holding, string not) => string.Join(", ", new[] { "permit", "forbid" }.Select(effect => $$"""
        {
          "name": "{{effect}}-{{name}}", "effect": "{{effect}}", "actions": ["{{effect}}-{{name}}"], "condition": "{{condition}}",
          "tests": [
            { "name": "holds", "resource": { "properties": { {{holding}} } }, "expect": true },
            { "name": "does not", "resource": { "properties": { {{not}} } }, "expect": false }
          ]
        }
        """));
}
