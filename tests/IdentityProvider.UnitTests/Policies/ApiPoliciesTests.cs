using System.Text.Json;
using IdentityProvider.Policies;

namespace IdentityProvider.UnitTests.Policies;

/// <summary>What the policies of an API say together.</summary>
public sealed class ApiPoliciesTests
{
    private const string Fails = "context.missing";

    // permit and forbid of each: holds, does not hold, cannot be evaluated.
    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("true", "", "p", "")]
    [InlineData("false", "", "", "")]
    [InlineData(Fails, "", "", "")]
    [InlineData("", "true", "", "f")]
    [InlineData("", "false", "", "")]
    [InlineData("", Fails, "", "f")]
    [InlineData("true", "true", "p", "f")]
    [InlineData("true", Fails, "p", "f")]
    [InlineData("true", "false", "p", "")]
    // What this program does not understand at all fails, as if it could not be evaluated.
    [InlineData("] (", "", "", "")]
    [InlineData("true", "] (", "p", "f")]
    public void A_forbid_denies_whatever_permits_and_also_where_it_fails(string permit, string forbid, string permitting, string forbidding)
    {
        var definitions = new List<PolicyDefinition>();
        if (permit.Length > 0)
        {
            definitions.Add(new PolicyDefinition("p", "why", PolicyEffect.Permit, null, null, permit));
        }

        if (forbid.Length > 0)
        {
            definitions.Add(new PolicyDefinition("f", null, PolicyEffect.Forbid, null, null, forbid));
        }

        var verdict = new ApiPolicies(definitions).Decide(EvaluationFacts.Nothing);

        Assert.Equal(permitting, Names(verdict.Permitting));
        Assert.Equal(forbidding, Names(verdict.Forbidding));
        Assert.Equal(forbidding.Length > 0, verdict.IsForbidden);
        Assert.Equal(permitting.Length > 0 && forbidding.Length == 0, verdict.IsPermitted);
        Assert.Equal(
            string.Concat(new[] { (permit, "p"), (forbid, "f") }.Where(policy => policy.Item1 is Fails or "] (").Select(policy => policy.Item2)), Names(verdict.Failed));
        Assert.All(verdict.Failed, policy => Assert.NotNull(policy.Error));
        Assert.All(verdict.Permitting, policy => Assert.Equal(("why", null), (policy.Description, policy.Error)));
    }

    [Theory]
    [InlineData(null, null, "edit", "posts", true)]
    [InlineData("edit", null, "edit", "posts", true)]
    [InlineData("edit delete", null, "delete", "posts", true)]
    [InlineData("edit", null, "delete", "posts", false)]
    // One action, two names: who forbids one of them forbids both.
    [InlineData("posts.edit", null, "edit", "posts", true)]
    [InlineData("edit", null, "posts.edit", "posts", true)]
    [InlineData("posts.edit", null, "posts.edit", "posts", true)]
    [InlineData("posts.edit", null, "edit", "users", false)]
    [InlineData("edit", null, "posts.edit", "users", false)]
    [InlineData(null, "posts", "edit", "posts", true)]
    [InlineData(null, "posts", "edit", "users", false)]
    [InlineData("edit", "posts", "edit", "users", false)]
    [InlineData("Edit", null, "edit", "posts", false)]
    public void A_policy_is_about_its_actions_and_types(string? actions, string? types, string action, string type, bool applies)
    {
        var policies = new ApiPolicies([new PolicyDefinition("p", null, PolicyEffect.Permit, Set(actions), Set(types), "true")]);

        var verdict = policies.Decide(EvaluationFacts.Nothing with { Action = new ActionFacts(action, default), Resource = new ResourceFacts(type, "1", default) });

        Assert.Equal(applies, verdict.IsPermitted);
    }

    // What a caller sends stands under properties and context, and nowhere else.
    [Theory]
    [InlineData("'admin' in subject.roles")]
    [InlineData("'admin' in subject.groups")]
    [InlineData("'admin' in subject.permissions")]
    [InlineData("subject.id == 'admin' || now > timestamp('2100-01-01T00:00:00Z')")]
    public void What_is_sent_replaces_nothing_that_is_known(string condition)
    {
        var claims = JsonDocument.Parse("""
            {"roles":["admin"],"groups":["admin"],"permissions":["admin"],"id":"admin","now":"2999-01-01T00:00:00Z",
             "subject":{"roles":["admin"],"id":"admin"},"subject.roles":["admin"],"subject.id":"admin"}
            """).RootElement;
        var facts = new EvaluationFacts(
            new SubjectFacts("user", "mallory", claims, [], [], []), new ActionFacts("edit", claims), new ResourceFacts("posts", "1", claims), claims, DateTime.UnixEpoch);

        Assert.Same(PolicyVerdict.None, new ApiPolicies([new PolicyDefinition("p", null, PolicyEffect.Permit, null, null, condition)]).Decide(facts));
    }

    private static HashSet<string>? Set(string? names) => names?.Split(' ').ToHashSet();

    private static string Names(IEnumerable<DecidingPolicy> policies) => string.Concat(policies.Select(policy => policy.Name));
}
