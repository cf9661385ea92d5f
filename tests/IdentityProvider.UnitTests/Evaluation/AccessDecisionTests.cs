using System.Text.Json;
using IdentityProvider.Evaluation;
using IdentityProvider.Permissions;
using IdentityProvider.Policies;

namespace IdentityProvider.UnitTests.Evaluation;

public sealed class AccessDecisionTests
{
    private const string Posts = "https://posts.example";

    private static readonly Guid author = Guid.CreateVersion7();

    private static readonly AccessModel model = new(
        [new RoleDefinition(author, "author", [])], [], [new(Posts, "posts.create"), new(Posts, "posts.delete"), new(Posts, "create")],
        [new(author, Posts, "posts.create")]);

    private static readonly PolicyDefinition owners = Policy("own", PolicyEffect.Permit, "resource.properties.owner == subject.id", "edit");
    private static readonly PolicyDefinition frozen = Policy("frozen", PolicyEffect.Forbid, "resource.properties.frozen == true", null, "Nothing changes in a frozen post.");
    private static readonly PolicyDefinition anybody = Policy("anybody", PolicyEffect.Permit, "true", "read");

    // Who is asked about; what; at what; with what properties; the decision, and what its reason says.
    [Theory]
    [InlineData("author", "posts.create", "post", "{}", true, "by the role author")]
    [InlineData("author", "posts.delete", "post", "{}", false, "does not have the permission posts.delete")]
    [InlineData("author", "delete", "posts", "{}", false, "does not have the permission posts.delete")]
    // What the API calls so itself comes before what the type of the resource makes of it.
    [InlineData("author", "create", "posts", "{}", false, "does not have the permission create")]
    [InlineData("author", "fly", "posts", "{}", false, "No permission of this API is named fly")]
    [InlineData("guest", "posts.create", "post", "{}", false, "does not have the permission posts.create")]
    [InlineData("nobody", "posts.create", "post", "{}", false, "does not have the permission posts.create")]
    // Ownership, as the caller tells it.
    [InlineData("guest", "edit", "posts", """{ "owner": "x", "frozen": false }""", true, "The policy own permits it.")]
    [InlineData("guest", "edit", "posts", """{ "owner": "y", "frozen": false }""", false, "No permission of this API is named edit")]
    [InlineData("guest", "edit", "posts", """{ "owner": 7, "frozen": false }""", false, "No permission of this API is named edit")]
    [InlineData("guest", "edit", "posts", """{ "frozen": false }""", false, "The policy own could not be evaluated")]
    // Nobody owns nothing, and what is permitted to everybody is not permitted to nobody.
    [InlineData("nobody", "edit", "posts", """{ "owner": "x", "frozen": false }""", false, "No permission of this API is named edit")]
    [InlineData("guest", "read", "posts", """{ "frozen": false }""", true, "The policy anybody permits it.")]
    [InlineData("nobody", "read", "posts", """{ "frozen": false }""", false, "No permission of this API is named read")]
    // A forbid denies whatever permits, also when it cannot be evaluated.
    [InlineData("author", "posts.create", "post", """{ "frozen": true }""", false, "The policy frozen forbids it: Nothing changes in a frozen post.")]
    [InlineData("guest", "edit", "posts", """{ "owner": "x", "frozen": true }""", false, "The policy frozen forbids it")]
    public void It_is_decided(string who, string action, string type, string properties, bool permitted, string why)
    {
        // Without properties there is nothing to freeze: then only the model decides.
        PolicyDefinition[] policies = properties == "{}" ? [] : [owners, frozen, anybody];

        var decision = Decide(who, action, type, properties, policies);

        Assert.Equal((permitted, why), (decision.IsPermitted, decision.Reason.Contains(why, StringComparison.Ordinal) ? why : decision.Reason));
        Assert.Equal(permitted, decision.UserReason is null);
    }

    [Fact]
    public void A_forbid_that_cannot_be_evaluated_denies_and_says_so()
    {
        var decision = Decide("author", "posts.create", "post", "{}", [frozen]);

        Assert.False(decision.IsPermitted);
        Assert.StartsWith("The policy frozen forbids it, because it could not be evaluated: ", decision.Reason, StringComparison.Ordinal);
        Assert.Equal("You may not do this.", decision.UserReason);
    }

    [Fact]
    public void People_are_told_what_a_policy_that_forbids_is_for() =>
        Assert.Equal("Nothing changes in a frozen post.", Decide("author", "posts.create", "post", """{ "frozen": true }""", [frozen]).UserReason);

    private static AccessDecision Decide(string who, string action, string type, string properties, PolicyDefinition[] policies)
    {
        var api = new EvaluatedApi(Posts, model, model.FindGrants(Posts), new ApiPolicies(policies), DateTime.UnixEpoch);
        var held = who switch
        {
            "author" => new HeldAccess([author], []),
            "guest" => new HeldAccess([], []),
            _ => null,
        };
        var question = new Question(
            new AskedSubject("user", "x", default), new ActionFacts(action, default), new ResourceFacts(type, "1", JsonDocument.Parse(properties).RootElement), default);
        return AccessDecision.On(question, new EvaluatedSubject(held, api), api);
    }

    private static PolicyDefinition Policy(string name, PolicyEffect effect, string condition, string? action, string? description = null) =>
        new(name, description, effect, action is null ? null : new HashSet<string> { action }, null, condition);
}
