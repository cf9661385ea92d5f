using System.Globalization;
using System.Text.Json.Nodes;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Decisions;

/// <summary>Who asks for decisions: the API of the usual cast, one with a policy of each effect, and one with many policies.</summary>
internal static class AccessCast
{
    public const string Permit = "own-orders";
    public const string Forbid = "frozen";

    private const int ManyPolicies = 20;
    private const string RuledSecret = "rU4v8mT2xQ7bW5nZ9yC3hJ6gL1fD0pSaEoUiQtRyXvM";
    private const string StrictSecret = "sT9c3mK7xS2bW5qT8rC1yJ4hL6gF0dZpEoUiQtRyXvM";

    /// <summary>Signs in and has nothing.</summary>
    public static Person Newcomer { get; } = new("newcomer", "benchmark-password-newcomer", "subject-newcomer");

    /// <summary>No policies; the client of the usual cast.</summary>
    public static string Plain { get; } = Wire.Basic(Cast.Api, Cast.ApiSecret);

    /// <summary>Two policies.</summary>
    public static string Ruled { get; } = Wire.Basic("ruled-api", RuledSecret);

    /// <summary>Twenty policies, all of them about every question.</summary>
    public static string Strict { get; } = Wire.Basic("strict-api", StrictSecret);

    /// <summary>Adds them to the usual declaration.</summary>
    public static void Declare(JsonObject declaration)
    {
        declaration["users"]!.AsArray().Add((JsonNode)Cast.Declared(Newcomer));
        var clients = declaration["clients"]!.AsArray();
        clients.Single(client => (string?)client!["client_id"] == Cast.Api)!["grant_types"] = new JsonArray("client_credentials");
        foreach (var (client, secret, policies) in new[] { ("ruled-api", RuledSecret, TwoPolicies()), ("strict-api", StrictSecret, Many()) })
        {
            clients.Add((JsonNode)new JsonObject { ["client_id"] = client, ["client_secret"] = secret, ["grant_types"] = new JsonArray() });
            declaration["resources"]!.AsArray().Add((JsonNode)new JsonObject
            {
                ["identifier"] = $"https://{client}.example", ["clients"] = new JsonArray(client), ["policies"] = policies,
            });
        }
    }

    private static JsonArray TwoPolicies() =>
    [
        Policy(Permit, "permit", "resource.properties.owner == subject.id", """{ "owner": "ada" }""", """{ "owner": "bob" }"""),
        Policy(Forbid, "forbid", "resource.properties.frozen == true", """{ "frozen": true }""", """{ "frozen": false }"""),
    ];

    // None of them decides the questions that are asked; to know it, each looks through all roles or permissions of the subject.
    private static JsonArray Many() =>
    [
        .. Enumerable.Range(0, ManyPolicies).Select(number => number % 2 == 0
            ? Policy($"region-{number}", "permit", $"'manager-{number}' in subject.roles && resource.properties.region == 'region-{number}'",
                $$"""{ "region": "region-{{number}}" }""", """{ "region": "elsewhere" }""", $"manager-{number}")
            : Policy($"large-{number}", "forbid", $"!('orders.large-{number}' in subject.permissions) && resource.properties.amount > {number * 10_000}",
                $$"""{ "amount": {{(number * 10_000) + 1}} }""", """{ "amount": 1 }""")),
    ];

    private static JsonObject Policy(string name, string effect, string condition, string holds, string fails, string? role = null) => new()
    {
        ["name"] = name, ["effect"] = effect, ["condition"] = condition,
        ["tests"] = new JsonArray(Test(holds, true, role), Test(fails, false, role)),
    };

    private static JsonObject Test(string properties, bool expected, string? role) => new()
    {
        ["name"] = expected.ToString(CultureInfo.InvariantCulture), ["subject"] = new JsonObject { ["id"] = "ada" },
        ["resource"] = new JsonObject { ["properties"] = JsonNode.Parse(properties) },
        ["roles"] = role is null ? new JsonArray() : new JsonArray(role), ["expect"] = expected,
    };
}
