using System.Text;
using System.Text.Json.Nodes;
using IdentityProvider.Permissions;
using IdentityProvider.Policies.Conditions;
using IdentityProvider.Protocol;

namespace IdentityProvider.Policies;

/// <summary>What the policies of an API must be: readable, and right by their own tests.</summary>
internal static class PolicyRules
{
    public const int MostPolicies = 100;
    public const int MostTests = 50;

    /// <summary>In bytes of JSON, with all tests.</summary>
    public const int Largest = 256 * 1024;

    private const int MostNames = 100;

    /// <summary>Reads policies and runs their tests.</summary>
    /// <param name="list">An array of policies; null for none.</param>
    /// <param name="problems">Receives everything that is wrong.</param>
    public static PolicyList Read(JsonNode? list, ICollection<MetadataProblem> problems)
    {
        if (list is not (null or JsonArray))
        {
            problems.Add(new("", "This must be an array of objects."));
            return new PolicyList(null, 0, 0);
        }

        var policies = list as JsonArray ?? [];
        if (Write(policies) is not { } json)
        {
            problems.Add(new("", "A text in it is not Unicode."));
            return new PolicyList(null, 0, 0);
        }

        if (policies.Count > MostPolicies || Encoding.UTF8.GetByteCount(json) > Largest)
        {
            problems.Add(new("", $"A resource has at most {MostPolicies} policies, of {Largest / 1024} KB together with their tests."));
            return new PolicyList(null, 0, 0);
        }

        var tests = 0;
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < policies.Count; index++)
        {
            var found = new List<MetadataProblem>();
            tests += Check(policies[index], names, index, found);
            foreach (var problem in found)
            {
                problems.Add(problem.Under($"[{index}]"));
            }
        }

        return new PolicyList(policies.Count == 0 ? null : json, policies.Count, tests);
    }

    // Texts of JSON are looked at when they are asked for: only then half a character in one is seen.
    private static string? Write(JsonArray policies)
    {
        try
        {
            return policies.ToJsonString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // How many tests it has.
    private static int Check(JsonNode? node, Dictionary<string, int> names, int index, List<MetadataProblem> problems)
    {
        if (node is not JsonObject policy)
        {
            problems.Add(new("", "This must be an object."));
            return 0;
        }

        problems.AddRange(PolicyMembers.OfPolicy.Check(policy));
        if (problems.Count > 0)
        {
            return 0;
        }

        problems.AddRange(CheckMembers(policy));
        if (policy[PolicyMembers.Name]?.GetValue<string>() is { } name && !names.TryAdd(name, index))
        {
            problems.Add(new(PolicyMembers.Name, $"[{names[name]}] is called \"{name}\" already."));
        }

        var tests = ReadTests(policy[PolicyMembers.Tests] as JsonArray ?? [], problems);
        var definition = PolicyList.Definition(policy);
        if (Condition.Read(definition.Condition, out var problem) is not { } condition)
        {
            problems.Add(new(PolicyMembers.Condition, problem!));
        }
        else if (problems.Count == 0)
        {
            problems.AddRange(Run(definition.Name, condition, tests));
        }

        return tests.Count;
    }

    private static IEnumerable<MetadataProblem> CheckMembers(JsonObject policy)
    {
        // Never longer than a permission's name, and of the same characters.
        if (PermissionRules.NameProblem(policy[PolicyMembers.Name]?.GetValue<string>() ?? "") is not null)
        {
            yield return new(PolicyMembers.Name, $"A policy's name has 1 to {PermissionRules.LongestName} letters, digits and . _ : - only.");
        }

        if (PermissionRules.DescriptionProblem(policy[PolicyMembers.Description]?.GetValue<string>()) is { } description)
        {
            yield return new(PolicyMembers.Description, description);
        }

        if (policy[PolicyMembers.Effect]?.GetValue<string>() is not (PolicyMembers.Permit or PolicyMembers.Forbid))
        {
            yield return new(PolicyMembers.Effect, $"This must be {PolicyMembers.Permit} or {PolicyMembers.Forbid}.");
        }

        foreach (var member in new[] { PolicyMembers.Actions, PolicyMembers.ResourceTypes })
        {
            if (policy[member] is JsonArray { Count: 0 or > MostNames })
            {
                yield return new(member, $"This has 1 to {MostNames} names; leave it out to mean all.");
            }
        }
    }

    private static List<(string Path, PolicyTest Test)> ReadTests(JsonArray list, List<MetadataProblem> problems)
    {
        if (list.Count > MostTests)
        {
            problems.Add(new(PolicyMembers.Tests, $"A policy has at most {MostTests} tests."));
            return [];
        }

        var tests = new List<(string, PolicyTest)>();
        for (var index = 0; index < list.Count; index++)
        {
            var path = $"{PolicyMembers.Tests}[{index}]";
            var found = new List<MetadataProblem>();
            if (PolicyTest.Read(list[index], found) is { } test)
            {
                tests.Add((path, test));
            }

            problems.AddRange(found.Select(problem => problem.Under(path)));
        }

        return tests;
    }

    private static IEnumerable<MetadataProblem> Run(string policy, Condition condition, List<(string Path, PolicyTest Test)> tests)
    {
        foreach (var expected in new[] { true, false })
        {
            if (!tests.Exists(line => line.Test.Expected == expected))
            {
                yield return new(PolicyMembers.Tests, $"Policy \"{policy}\" needs a test that expects {(expected ? "true" : "false")}: without it nobody knows that the condition can tell anything apart.");
            }
        }

        foreach (var (path, test) in tests)
        {
            if (test.Run(condition) is { } failure)
            {
                yield return new(path, $"Policy \"{policy}\", test \"{test.Name}\": {failure}");
            }
        }
    }
}
