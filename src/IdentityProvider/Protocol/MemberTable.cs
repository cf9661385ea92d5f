using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityProvider.Protocol;

/// <summary>What a member of registered metadata may hold.</summary>
internal enum MemberKind
{
    Text,
    Flag,
    Number,
    TextList,

    /// <summary>Its items are for whoever reads it to check.</summary>
    List,
    Entry,

    /// <summary>Anything; whoever reads it checks it.</summary>
    Any,
}

/// <summary>
/// The members that a kind of entry may have. Reading JSON straight into a type would report one wrong member, the first;
/// whoever wrote the file wants to hear of all of them.
/// </summary>
internal sealed class MemberTable
{
    private readonly FrozenDictionary<string, MemberKind> members;

    public MemberTable(params (string Name, MemberKind Kind)[] members) =>
        this.members = members.ToFrozenDictionary(member => member.Name, member => member.Kind, StringComparer.Ordinal);

    public IEnumerable<string> Names => members.Keys;

    /// <summary>Unknown members, and values of the wrong kind. A null is right everywhere: it means the default.</summary>
    public IEnumerable<MetadataProblem> Check(JsonObject entry)
    {
        foreach (var (name, value) in entry)
        {
            if (!members.TryGetValue(name, out var kind))
            {
                yield return new MetadataProblem(name, Unknown(name));
            }
            else if (value is not null && !Fits(value, kind))
            {
                yield return new MetadataProblem(name, Expectation(kind));
            }
            else if (value is JsonArray list && kind == MemberKind.TextList)
            {
                foreach (var problem in CheckItems(name, list))
                {
                    yield return problem;
                }
            }
        }
    }

    private static IEnumerable<MetadataProblem> CheckItems(string name, JsonArray list) =>
        from index in Enumerable.Range(0, list.Count)
        where list[index]?.GetValueKind() != JsonValueKind.String
        select new MetadataProblem($"{name}[{index}]", Expectation(MemberKind.Text));

    private static bool Fits(JsonNode value, MemberKind kind) => (kind, value.GetValueKind()) switch
    {
        (MemberKind.Any, _) => true,
        (MemberKind.Text, JsonValueKind.String) => true,
        (MemberKind.Flag, JsonValueKind.True or JsonValueKind.False) => true,
        (MemberKind.Number, JsonValueKind.Number) => true,
        (MemberKind.TextList or MemberKind.List, JsonValueKind.Array) => true,
        (MemberKind.Entry, JsonValueKind.Object) => true,
        _ => false,
    };

    private static string Expectation(MemberKind kind) => kind switch
    {
        MemberKind.Text => "This must be a string.",
        MemberKind.Flag => "This must be true or false.",
        MemberKind.Number => "This must be a number.",
        MemberKind.TextList => "This must be an array of strings.",
        MemberKind.List => "This must be an array of strings or objects.",
        _ => "This must be an object.",
    };

    private string Unknown(string name)
    {
        // "redirect_uri" for "redirect_uris" is the mistake everybody makes once.
        var meant = members.Keys.FirstOrDefault(known =>
            known.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith(known, StringComparison.OrdinalIgnoreCase)
            || Bare(known) == Bare(name));
        return meant is null ? "There is no member of this name." : $"There is no member of this name; did you mean {meant}?";
    }

    private static string Bare(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
