using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityProvider.Scopes;

/// <summary>How claim mappings are written: in a declaration and, the same, in their column.</summary>
internal static class ClaimMappings
{
    public const string Claim = "claim";
    public const string From = "from";
    public const string Value = "value";
    public const string In = "in";
    public const string Type = "type";
    public const string Clients = "clients";
    public const string Lowercase = "lowercase";
    public const string Prefix = "prefix";
    public const string Values = "values";

    private const string Nothing = "[]";

    /// <summary>The words of <c>in</c>.</summary>
    public static FrozenDictionary<string, MappingTargets> Targets { get; } = new Dictionary<string, MappingTargets>
    {
        ["access_token"] = MappingTargets.AccessToken,
        ["id_token"] = MappingTargets.IdToken,
        ["userinfo"] = MappingTargets.UserInfo,
        ["introspection"] = MappingTargets.Introspection,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The words of <c>type</c>.</summary>
    public static FrozenDictionary<string, MappingType> Types { get; } = new Dictionary<string, MappingType>
    {
        ["string"] = MappingType.String,
        ["number"] = MappingType.Number,
        ["boolean"] = MappingType.Boolean,
        ["array"] = MappingType.Array,
        ["object"] = MappingType.Object,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The text of the column, for a list that was found right.</summary>
    public static string Write(JsonNode? list) => list is JsonArray { Count: > 0 } ? list.ToJsonString() : Nothing;

    /// <summary>The mappings of a column.</summary>
    public static IReadOnlyList<ClaimMapping> Read(string text)
    {
        if (text == Nothing)
        {
            return [];
        }

        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateArray().Select(Read)];
    }

    /// <summary>One mapping that was found right.</summary>
    public static ClaimMapping Read(JsonElement entry)
    {
        var constant = entry.TryGetProperty(Value, out var value) && value.ValueKind != JsonValueKind.Null ? value.Clone() : default;
        var (source, attribute) = SourceOf(TextOf(entry, From));
        return new ClaimMapping(
            TextOf(entry, Claim)!, source, attribute, constant,
            entry.GetProperty(In).EnumerateArray().Aggregate(MappingTargets.None, (targets, word) => targets | Targets[word.GetString()!]),
            TextOf(entry, Type) is { } type ? Types[type] : DefaultType(source, attribute, constant),
            Member(entry, Clients) is { } clients ? clients.EnumerateArray().Select(client => client.GetString()!).ToFrozenSet(StringComparer.Ordinal) : null,
            Member(entry, Lowercase) is { ValueKind: JsonValueKind.True },
            TextOf(entry, Prefix) ?? "",
            Member(entry, Values) is { } values
                ? [.. values.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.Clone()))]
                : null);
    }

    /// <summary>What <c>from</c> means: <c>user.locale</c> is the attribute <c>locale</c> of the person. Null is a constant.</summary>
    public static (MappingSource Source, string Attribute) SourceOf(string? from) => from switch
    {
        null => (MappingSource.Constant, ""),
        "roles" => (MappingSource.Roles, ""),
        "groups" => (MappingSource.Groups, ""),
        _ when from.StartsWith("client.", StringComparison.Ordinal) => (MappingSource.Client, from["client.".Length..]),
        _ => (MappingSource.User, from["user.".Length..]),
    };

    /// <summary>The type of a mapping that names none.</summary>
    public static MappingType DefaultType(MappingSource source, string attribute, JsonElement constant) => source switch
    {
        MappingSource.Constant => constant.ValueKind switch
        {
            JsonValueKind.Number => MappingType.Number,
            JsonValueKind.True or JsonValueKind.False => MappingType.Boolean,
            JsonValueKind.Array => MappingType.Array,
            JsonValueKind.Object => MappingType.Object,
            _ => MappingType.String,
        },
        MappingSource.Roles or MappingSource.Groups => MappingType.Array,
        MappingSource.User when attribute == ClaimNames.Address => MappingType.Object,
        MappingSource.User when attribute is ClaimNames.EmailVerified or ClaimNames.PhoneNumberVerified => MappingType.Boolean,
        MappingSource.User when attribute == ClaimNames.UpdatedAt => MappingType.Number,
        MappingSource.Client when attribute == "contacts" => MappingType.Array,
        _ => MappingType.String,
    };

    private static JsonElement? Member(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? TextOf(JsonElement entry, string name) => Member(entry, name)?.GetString();
}
