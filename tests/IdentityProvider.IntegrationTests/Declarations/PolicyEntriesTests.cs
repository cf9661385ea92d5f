using System.Text.Json;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Declarations;
using IdentityProvider.Policies;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Declarations;

/// <summary>Policies of resources, as a file declares them.</summary>
public sealed class PolicyEntriesTests(EmptyProviders providers) : IClassFixture<EmptyProviders>
{
    private const string Owner = """
        { "name": "own-posts", "description": "Everybody edits their own posts.", "effect": "permit", "actions": ["posts.edit"],
          "condition": "resource.properties.owner == subject.id",
          "tests": [
            { "name": "the owner", "subject": { "id": "ada" }, "resource": { "properties": { "owner": "ada" } }, "expect": true },
            { "name": "somebody else", "subject": { "id": "bob" }, "resource": { "properties": { "owner": "ada" } }, "expect": false }
          ] }
        """;

    private const string Lock = """
        { "name": "locked", "effect": "forbid", "condition": "has(resource.properties.locked) && resource.properties.locked",
          "tests": [
            { "name": "locked", "resource": { "properties": { "locked": true } }, "expect": true },
            { "name": "open", "expect": false }
          ] }
        """;

    // Each is wrong by itself: what is no condition, what gives no bool, what its own tests say is wrong, and what fails on what the tests send.
    public static TheoryData<string, string, TestDatabase> WrongPolicies
    {
        get
        {
            var data = new TheoryData<string, string, TestDatabase>();
            foreach (var database in Enum.GetValues<TestDatabase>())
            {
                data.Add("resource.properties.owner = subject.id", "policies[0].condition", database);
                data.Add("resource.properties.owner == subject.name", "policies[0].condition", database);
                data.Add("subject.id + resource.id", "policies[0].condition", database);
                data.Add("1 / 0 == 1", "policies[0].condition", database);
                data.Add("resource.properties.owner != subject.id", "policies[0].tests[0]", database);
                data.Add("1 / (size(subject.id) - 3) == 1", "policies[0].tests[0]", database);
                data.Add("resource.properties.rank > null", "policies[0].condition", database);
                data.Add("resource.properties.rank > 1", "policies[0].tests[0]", database);
                data.Add("[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, a + b * c + a * b + c + b + a + b > 0))) && resource.properties.owner == subject.id", "policies[0].tests[0]", database);
                data.Add(new string('(', 2000), "policies[0].condition", database);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WrongPolicies), DisableDiscoveryEnumeration = true)]
    public async Task A_policy_that_is_wrong_is_refused_and_the_old_one_stays(string condition, string place, TestDatabase database)
    {
        Installed.Require(database);
        var node = await providers.OnAsync(database);
        var resource = $"https://wrong-policy.example/{Wire.RandomText(9)}";
        await node.MustDeclareAsync(Resource(resource, Owner));
        var stored = await PoliciesAsync(node, resource);

        var errors = await node.MustRefuseAsync(Resource(resource, Owner.Replace("resource.properties.owner == subject.id", condition, StringComparison.Ordinal)));

        Assert.StartsWith($"resources[0].{place} ({resource}): ", errors[0], StringComparison.Ordinal);
        Assert.Equal(stored, await PoliciesAsync(node, resource));
        Assert.True((await DecideAsync(node, resource, "ada")).IsPermitted);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_resource_has_exactly_the_policies_that_are_named_and_keeps_them_where_none_are(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        const string resource = "https://policies.example";

        Assert.Equal(1, (await node.MustDeclareAsync(Resource(resource, $"{Owner}, {Lock}"))).Created);
        Assert.Equal(1, (await node.MustDeclareAsync(Resource(resource, $"{Owner}, {Lock}"))).Unchanged);
        Assert.True((await DecideAsync(node, resource, "ada")).IsPermitted);
        Assert.True((await DecideAsync(node, resource, "ada", """{ "owner": "ada", "locked": true }""")).IsForbidden);

        Assert.Equal(1, (await node.MustDeclareAsync($$"""{ "resources": [{ "identifier": "{{resource}}", "name": "Posts" }] }""")).Changed);
        Assert.True((await DecideAsync(node, resource, "ada")).IsPermitted);

        Assert.Equal(1, (await node.MustDeclareAsync(Resource(resource, Lock))).Changed);
        Assert.Same(PolicyVerdict.None, await DecideAsync(node, resource, "ada"));
        Assert.True((await DecideAsync(node, resource, "ada", """{ "locked": true }""")).IsForbidden);

        Assert.Equal(1, (await node.MustDeclareAsync($$"""{ "resources": [{ "identifier": "{{resource}}", "policies": null }] }""")).Changed);
        Assert.Null(await PoliciesAsync(node, resource));
        Assert.Same(PolicyVerdict.None, await DecideAsync(node, resource, "ada", """{ "locked": true }"""));
        Assert.Equal(3, await node.ReadAsync(db => db.Set<AuditEvent>().CountAsync(
            row => row.Type == AuditEventType.PoliciesChanged && row.Reason == $"The policies of the resource {resource} were changed.")));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Policies_go_with_their_resource(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = "{}" });
        const string resource = "https://pruned.example";
        await node.MustDeclareAsync(Resource(resource, Owner));
        Assert.True((await DecideAsync(node, resource, "ada")).IsPermitted);

        await node.MustDeclareAsync("{}", prune: true);
        Assert.Same(PolicyVerdict.None, await DecideAsync(node, resource, "ada"));
        await node.MustDeclareAsync($$"""{ "resources": [{ "identifier": "{{resource}}" }] }""");

        Assert.Same(PolicyVerdict.None, await DecideAsync(node, resource, "ada"));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Another_node_notices_within_seconds(TestDatabase database)
    {
        await using var first = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = "{}" });
        await using var second = await first.StartSecondNodeAsync();
        const string resource = "https://nodes.example";
        await first.MustDeclareAsync(Resource(resource, Owner));
        await Eventually.TrueAsync(async () => (await DecideAsync(second, resource, "ada")).IsPermitted);

        await first.MustDeclareAsync(Resource(resource, Owner.Replace("permit", "forbid", StringComparison.Ordinal)));

        Assert.True((await DecideAsync(first, resource, "ada")).IsForbidden);
        await Eventually.TrueAsync(async () => (await DecideAsync(second, resource, "ada")).IsForbidden);
    }

    // Whoever changed the row by hand does not get round the tests either: a start makes it as declared again.
    [Theory]
    [OnEachDatabase]
    public async Task A_start_makes_policies_as_declared_again(TestDatabase database)
    {
        const string resource = "https://restart.example";
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = Resource(resource, Owner) });
        await node.ReadAsync(db => db.Database.ExecuteSqlAsync($"""UPDATE "ApiResources" SET "Policies" = NULL WHERE "Identifier" = {resource}"""));

        await node.RestartAsync();

        Assert.True((await DecideAsync(node, resource, "ada")).IsPermitted);
    }

    private static string Resource(string identifier, string policies) =>
        $$"""{ "resources": [{ "identifier": "{{identifier}}", "policies": [{{policies}}] }] }""";

    private static Task<string?> PoliciesAsync(ProviderHost node, string resource) =>
        node.ReadAsync(db => db.Set<ApiResource>().Where(row => row.Identifier == resource).Select(row => row.Policies).SingleAsync());

    private static async Task<PolicyVerdict> DecideAsync(ProviderHost node, string resource, string subject, string properties = """{ "owner": "ada" }""")
    {
        var policies = await node.Services.GetRequiredService<PolicyCatalog>().GetAsync(CancellationToken.None);
        return policies.Of(resource).Decide(EvaluationFacts.Nothing with
        {
            Subject = new SubjectFacts("user", subject, default, [], [], []),
            Action = new ActionFacts("edit", default),
            Resource = new ResourceFacts("posts", "1", JsonDocument.Parse(properties).RootElement),
        });
    }
}
