using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Policies.Conditions;
using IdentityProvider.Protocol;

namespace IdentityProvider.Policies;

/// <summary>One line of a policy's test table.</summary>
/// <param name="Expected">Whether the condition is to hold.</param>
internal sealed record PolicyTest(string Name, EvaluationFacts Facts, bool Expected)
{
    // What a test does not say is the same every time it is run, the time among it.
    private static readonly DateTime someTime = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Reads a test.</summary>
    /// <param name="problems">Receives what is wrong with it.</param>
    /// <returns>Null when anything is.</returns>
    public static PolicyTest? Read(JsonNode? node, ICollection<MetadataProblem> problems)
    {
        if (node is not JsonObject test)
        {
            problems.Add(new("", "This must be an object."));
            return null;
        }

        var count = problems.Count;
        Check(PolicyMembers.OfTest.Check(test), problems);
        if (problems.Count == count)
        {
            Check(CheckInside(test), problems);
        }

        return problems.Count == count
            ? new PolicyTest(test[PolicyMembers.Name]!.GetValue<string>(), FactsOf(test), test[PolicyMembers.Expect]!.GetValue<bool>())
            : null;
    }

    /// <summary>What is wrong with the condition by this test; null when nothing is.</summary>
    public string? Run(Condition condition)
    {
        var outcome = condition.Evaluate(Facts);
        return outcome.Error is { } error ? $"expected {Word(Expected)}, but there is no answer. {error}"
            : outcome.Holds != Expected ? $"expected {Word(Expected)}, but the condition gives {Word(outcome.Holds)}."
            : null;
    }

    private static string Word(bool value) => value ? "true" : "false";

    private static IEnumerable<MetadataProblem> CheckInside(JsonObject test)
    {
        foreach (var (member, members) in new[] { ("subject", PolicyMembers.OfEntity), ("resource", PolicyMembers.OfEntity), ("action", PolicyMembers.OfAction) })
        {
            foreach (var problem in test[member] is JsonObject entry ? members.Check(entry) : [])
            {
                yield return problem.Under(member);
            }
        }

        if (test[PolicyMembers.Name] is null)
        {
            yield return new(PolicyMembers.Name, "A test has a name, which is told when it fails.");
        }

        if (test[PolicyMembers.Expect] is null)
        {
            yield return new(PolicyMembers.Expect, "A test says whether it expects the condition to hold: true or false.");
        }

        if (test["now"]?.GetValue<string>() is { } now && TimeTexts.Timestamp(now) is null)
        {
            yield return new("now", "This must be a time as in RFC 3339, such as 2030-01-31T18:00:00Z.");
        }
    }

    private static void Check(IEnumerable<MetadataProblem> found, ICollection<MetadataProblem> problems)
    {
        foreach (var problem in found)
        {
            problems.Add(problem);
        }
    }

    private static EvaluationFacts FactsOf(JsonObject test)
    {
        var (subject, action, resource) = (test["subject"], test["action"], test["resource"]);
        return new EvaluationFacts(
            new SubjectFacts(Text(subject, "type") ?? "user", Text(subject, "id") ?? "", Json(subject?["properties"]), List("roles"), List("groups"), List("permissions")),
            new ActionFacts(Text(action, PolicyMembers.Name) ?? "", Json(action?["properties"])),
            new ResourceFacts(Text(resource, "type") ?? "", Text(resource, "id") ?? "", Json(resource?["properties"])),
            Json(test["context"]),
            test["now"]?.GetValue<string>() is { } now ? TimeTexts.Timestamp(now)!.Value : someTime);

        string[] List(string member) => test[member].Deserialize<string[]>() ?? [];
    }

    private static string? Text(JsonNode? entry, string member) => entry?[member]?.GetValue<string>();

    private static JsonElement Json(JsonNode? node) => node is null ? default : node.Deserialize<JsonElement>();
}
