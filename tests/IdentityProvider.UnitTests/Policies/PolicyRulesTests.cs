using System.Text.Json.Nodes;
using IdentityProvider.Policies;
using IdentityProvider.Protocol;

namespace IdentityProvider.UnitTests.Policies;

/// <summary>What policies are taken.</summary>
public sealed class PolicyRulesTests
{
    private const string Tests = """[{"name":"t","context":{"x":1},"expect":true},{"name":"f","context":{"x":2},"expect":false}]""";

    [Theory]
    [InlineData("""{}""", "")]
    [InlineData("""[7]""", "[0]")]
    [InlineData("""[{"effect":"permit","condition":"context.x == 1","tests":TESTS}]""", "[0].name")]
    [InlineData("""[{"name":"a b","effect":"permit","condition":"context.x == 1","tests":TESTS}]""", "[0].name")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"context.x == 1","tests":TESTS},{"name":"a","effect":"permit","condition":"context.x == 1","tests":TESTS}]""", "[1].name")]
    [InlineData("""[{"name":"a","effect":"allow","condition":"context.x == 1","tests":TESTS}]""", "[0].effect")]
    [InlineData("""[{"name":"a","condition":"context.x == 1","tests":TESTS}]""", "[0].effect")]
    [InlineData("""[{"name":"a","effect":"permit","tests":TESTS}]""", "[0].condition")]
    [InlineData("""[{"name":"\ud800","effect":"permit","condition":"context.x == 1","tests":TESTS}]""", "")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"'\ud800' == 'a'","tests":TESTS}]""", "")]
    [InlineData("""[{"name":"a","effect":"permit","actions":["\ud800"],"condition":"context.x == 1","tests":TESTS}]""", "")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"context.x = 1","tests":TESTS}]""", "[0].condition")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"context.x + 1","tests":TESTS}]""", "[0].condition")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"context.x","tests":TESTS}]""", "[0].tests[0] [0].tests[1]")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"context.x == 1"}]""", "[0].tests [0].tests")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"context.x == 1","tests":[]}]""", "[0].tests [0].tests")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"true","tests":[{"name":"t","expect":true}]}]""", "[0].tests")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"context.x == 2","tests":TESTS}]""", "[0].tests[0] [0].tests[1]")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"context.x == 1","tests":[{"name":"t","expect":true},{"expect":false},{"name":"u"},7]}]""", "[0].tests[1].name [0].tests[2].expect [0].tests[3]")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"context.x == 1","tests":[{"name":"t","expect":"yes","subject":{},"now":5}]}]""", "[0].tests[0].expect [0].tests[0].now")]
    [InlineData("""[{"name":"a","effect":"permit","condition":"context.x == 1","tests":[{"name":"t","expect":true,"subject":{"roles":[]},"action":{"id":"x"},"now":"today"}]}]""", "[0].tests[0].subject.roles [0].tests[0].action.id [0].tests[0].now")]
    [InlineData("""[{"name":"a","effect":"permit","actions":[],"resource_types":[],"condition":"context.x == 1","tests":TESTS}]""", "[0].actions [0].resource_types")]
    [InlineData("""[{"name":"a","effect":"permit","actions":"edit","when":"true","condition":"context.x == 1","tests":TESTS}]""", "[0].actions [0].when")]
    public void Everything_wrong_is_told_by_its_place(string json, string places)
    {
        var problems = Check(json);

        Assert.NotEmpty(problems);
        Assert.Equal(places, string.Join(' ', problems.Select(problem => problem.Path)));
    }

    [Fact]
    public void A_failing_test_names_policy_test_expected_and_actual()
    {
        var problems = Check("""
            [{"name":"own","effect":"permit","condition":"resource.properties.owner == subject.id","tests":[
              {"name":"their own","subject":{"id":"a"},"resource":{"properties":{"owner":"b"}},"expect":true},
              {"name":"somebody else's","subject":{"id":"a"},"resource":{"properties":{"owner":"a"}},"expect":false},
              {"name":"nobody's","subject":{"id":"a"},"expect":false},
              {"name":"that of a number","subject":{"id":"1"},"resource":{"properties":{"owner":1}},"expect":false}]}]
            """);

        Assert.Equal(
            [
                "Policy \"own\", test \"their own\": expected true, but the condition gives false.",
                "Policy \"own\", test \"somebody else's\": expected false, but the condition gives true.",
                "Policy \"own\", test \"nobody's\": expected false, but there is no answer. There is no resource.properties.owner.",
                "Policy \"own\", test \"that of a number\": expected false, but there is no answer. resource.properties.owner == subject.id: a int and a string cannot be compared.",
            ],
            problems.Select(problem => problem.Sentence));
    }

    [Fact]
    public void There_are_limits()
    {
        var one = $$"""{"name":"NAME","effect":"permit","condition":"context.x == 1","tests":{{Tests}}}""";
        string Many(int count) => "[" + string.Join(',', Enumerable.Range(0, count).Select(index => one.Replace("NAME", $"p{index}", StringComparison.Ordinal))) + "]";
        var tests = string.Join(',', Enumerable.Repeat("""{"name":"t","context":{"x":1},"expect":true}""", 51));

        Assert.Empty(Check(Many(100)));
        Assert.Single(Check(Many(101)));
        Assert.Contains(Check($$"""[{"name":"a","effect":"permit","condition":"context.x == 1","tests":[{{tests}}]}]"""), problem => problem.Sentence.Contains("at most 50 tests", StringComparison.Ordinal));
        Assert.Single(Check($$"""[{"name":"a","effect":"permit","condition":"context.x == 1","description":"{{new string('x', 256 * 1024)}}","tests":{{Tests}}}]"""));
        Assert.Equal("[0].condition", Assert.Single(Check($$"""[{"name":"a","effect":"permit","condition":"true{{new string(' ', 4096)}}","tests":{{Tests}}}]""")).Path);
    }

    [Fact]
    public void What_is_stored_is_what_is_read_again()
    {
        var list = PolicyRules.Read(JsonNode.Parse($$"""[{"name":"a","description":"Why ä","effect":"forbid","actions":["edit"],"condition":"context.x == 1","tests":{{Tests}}}]"""), []);

        var definition = Assert.Single(PolicyList.Definitions(list.Json!));
        Assert.Equal(("a", "Why ä", PolicyEffect.Forbid, "edit", null, "context.x == 1"),
            (definition.Name, definition.Description, definition.Effect, Assert.Single(definition.Actions!), definition.ResourceTypes, definition.Condition));
        Assert.Equal((1, 2), (list.Count, list.Tests));
        Assert.Null(PolicyRules.Read(null, []).Json);
        Assert.Null(PolicyRules.Read(new JsonArray(), []).Json);
    }

    private static List<MetadataProblem> Check(string json)
    {
        var problems = new List<MetadataProblem>();
        PolicyRules.Read(JsonNode.Parse(json.Replace("TESTS", Tests, StringComparison.Ordinal)), problems);
        return problems;
    }
}
