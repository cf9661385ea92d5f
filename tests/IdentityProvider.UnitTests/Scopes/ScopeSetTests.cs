using System.Collections.Frozen;
using System.Text.Json.Nodes;
using IdentityProvider.Scopes;

namespace IdentityProvider.UnitTests.Scopes;

public class ScopeSetTests
{
    [Fact] // OpenID Connect Core §5.4
    public void The_standard_scopes_are_there_with_nothing_declared()
    {
        var set = new ScopeSet([], []);

        Assert.Equal(["urn:identityprovider:administration"], set.ResourcesOf(set.Scopes.Keys));
        Assert.Equal(["address", "administration", "email", "offline_access", "openid", "phone", "profile"], set.Scopes.Keys.Order());
        Assert.Equal(["email", "email_verified"], set.ClaimsOf(["email"]));
        Assert.Equal(14, set.ClaimsOf(["profile"]).Count);
        Assert.All(set.Scopes.Values, scope => Assert.NotEmpty(scope.Description));
    }

    [Fact]
    public void Declaring_a_standard_scope_adds_to_it_and_rewords_it()
    {
        var set = new ScopeSet([new ScopeDefinition("email", "Read your address", ["https://api.example"], ["department"])], []);

        var email = set.Scopes["email"];
        Assert.Equal("Read your address", email.Description);
        Assert.Equal(["email", "email_verified", "department"], email.Claims);
        Assert.Equal(["https://api.example"], email.Resources);
    }

    [Fact]
    public void Scopes_together_open_each_resource_and_release_each_claim_once()
    {
        var set = new ScopeSet(
            [new ScopeDefinition("a", "A", ["r1", "r2"], ["x"]), new ScopeDefinition("b", "B", ["r2"], ["x", "y"])],
            [new ResourceDefinition("r1", null, FrozenSet<string>.Empty, "ES256")]);

        Assert.Equal(["r1", "r2"], set.ResourcesOf(["a", "b", "unknown"]));
        Assert.Equal(["x", "y"], set.ClaimsOf(["a", "b"]));
    }

    [Fact] // RFC 8707 §2.2
    public void Within_some_resources_a_scope_of_others_only_means_nothing()
    {
        var set = new ScopeSet([new ScopeDefinition("a", "A", ["r1", "r2"], []), new ScopeDefinition("b", "B", ["r2"], []), new ScopeDefinition("c", "C", [], [])], []);

        Assert.Equal(["openid", "a", "c", "unknown"], set.WithinResources(["openid", "a", "b", "c", "unknown"], ["r1"]));
        Assert.Equal(["b"], set.WithinResources(["b"], ["r2", "r3"]));
    }

    [Theory]
    [InlineData("two words", "{}", "name")]
    [InlineData("quoted\"", "{}", "name")]
    [InlineData("orders", """{ "description": "" }""", "description")]
    [InlineData("orders", """{ "resources": ["https://api.example", "https://nowhere.example"] }""", "resources[1]")]
    [InlineData("orders", """{ "claims": ["birthdate", "iss"] }""", "claims[1]")]
    [InlineData("orders", """{ "claims": ["sub"] }""", "claims[0]")]
    public void A_wrong_scope_is_refused_by_path(string name, string members, string path)
    {
        var problems = ScopeRules.ProblemsOfScope(Draft(name, members), new HashSet<string> { "https://api.example" });

        Assert.Equal(path, Assert.Single(problems).Path);
    }

    [Theory] // RFC 8707 §2
    [InlineData("api", "{}", "identifier")]
    [InlineData("https://api.example/#part", "{}", "identifier")]
    [InlineData("https://api.example", """{ "access_token_signed_response_alg": "HS256" }""", "access_token_signed_response_alg")]
    public void A_wrong_resource_is_refused_by_path(string identifier, string members, string path)
    {
        Assert.Equal(path, Assert.Single(ScopeRules.ProblemsOfResource(Draft(identifier, members))).Path);
    }

    [Theory]
    [InlineData("https://api.example")]
    [InlineData("urn:example:orders")]
    public void A_resource_is_an_absolute_URI(string identifier)
    {
        Assert.Empty(ScopeRules.ProblemsOfResource(Draft(identifier, "{}")));
    }

    private static ScopeDraft Draft(string key, string members) => new(key, JsonNode.Parse(members)!.AsObject());
}
