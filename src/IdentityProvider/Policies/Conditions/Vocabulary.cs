using System.Collections.Frozen;
using System.Text.Json;

namespace IdentityProvider.Policies.Conditions;

/// <summary>What a condition can speak of: the facts of a decision, by their names.</summary>
internal static class Vocabulary
{
    private static readonly JsonElement nothing = JsonDocument.Parse("{}").RootElement;

    private static readonly FrozenDictionary<string, Func<Term>> names = new Dictionary<string, Func<Term>>(StringComparer.Ordinal)
    {
        ["subject"] = () => new Whole("subject", subject!),
        ["action"] = () => new Whole("action", action!),
        ["resource"] = () => new Whole("resource", resource!),
        ["context"] = () => new Fact(Kind.Map, evaluation => Sent(evaluation.Facts.Context, evaluation)),
        ["now"] = () => new Fact(Kind.Timestamp, evaluation => evaluation.Facts.Now),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<Term>> subject = new Dictionary<string, Func<Term>>(StringComparer.Ordinal)
    {
        ["type"] = () => new Fact(Kind.String, evaluation => evaluation.Facts.Subject.Type),
        ["id"] = () => new Fact(Kind.String, evaluation => evaluation.Facts.Subject.Id),
        ["properties"] = () => new Fact(Kind.Map, evaluation => Sent(evaluation.Facts.Subject.Properties, evaluation)),
        ["roles"] = () => new Fact(Kind.List, evaluation => evaluation.Facts.Subject.Roles),
        ["groups"] = () => new Fact(Kind.List, evaluation => evaluation.Facts.Subject.Groups),
        ["permissions"] = () => new Fact(Kind.List, evaluation => evaluation.Facts.Subject.Permissions),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Without the name: "edit" of a "posts" and "posts.edit" are one action, and a condition that compared the text would be got round by the other name.
    // Which actions a policy is about stands beside its condition, and knows both.
    private static readonly FrozenDictionary<string, Func<Term>> action = new Dictionary<string, Func<Term>>(StringComparer.Ordinal)
    {
        ["properties"] = () => new Fact(Kind.Map, evaluation => Sent(evaluation.Facts.Action.Properties, evaluation)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<Term>> resource = new Dictionary<string, Func<Term>>(StringComparer.Ordinal)
    {
        ["type"] = () => new Fact(Kind.String, evaluation => evaluation.Facts.Resource.Type),
        ["id"] = () => new Fact(Kind.String, evaluation => evaluation.Facts.Resource.Id),
        ["properties"] = () => new Fact(Kind.Map, evaluation => Sent(evaluation.Facts.Resource.Properties, evaluation)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => names.Keys.Order(StringComparer.Ordinal);

    public static Term? Find(string name) => names.GetValueOrDefault(name)?.Invoke();

    // Who sends no properties sends none that anything could be read from.
    private static object? Sent(JsonElement json, Evaluation evaluation) =>
        Values.From(json.ValueKind == JsonValueKind.Undefined ? nothing : json, evaluation);
}

/// <summary><c>subject</c>, <c>action</c> or <c>resource</c> before one of its members is named. Never part of a finished condition.</summary>
internal sealed class Whole(string name, FrozenDictionary<string, Func<Term>> members) : Term(Kind.Map)
{
    public string Name => name;

    public IEnumerable<string> Members => members.Keys.Order(StringComparer.Ordinal);

    public Term? Find(string member) => members.GetValueOrDefault(member)?.Invoke();

    protected override object? Compute(Evaluation evaluation) => new Fault($"{name} has no value.");
}
