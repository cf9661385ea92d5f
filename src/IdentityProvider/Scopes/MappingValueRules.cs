using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol;

namespace IdentityProvider.Scopes;

/// <summary>Whether what a claim mapping says of values goes together. Its members have the right kinds, and its source and type exist.</summary>
internal static class MappingValueRules
{
    /// <summary>Bytes of one value as JSON.</summary>
    public const int LargestValue = 2048;

    /// <param name="from">The source; null for a constant.</param>
    public static IEnumerable<MetadataProblem> Problems(JsonObject entry, string? from, int longestPrefix, int mostValues)
    {
        var (source, attribute) = ClaimMappings.SourceOf(from);
        var constant = JsonSerializer.SerializeToElement(entry[ClaimMappings.Value]);
        var type = entry[ClaimMappings.Type]?.GetValue<string>() is { } word
            ? ClaimMappings.Types[word]
            : ClaimMappings.DefaultType(source, attribute, constant);
        if (source == MappingSource.Constant)
        {
            return ProblemsOfConstant(entry, constant, type);
        }

        var problems = new List<MetadataProblem>();
        var several = source is MappingSource.Roles or MappingSource.Groups || attribute == "contacts";
        if (attribute == ClaimNames.Address && (type != MappingType.Object || HasTransformation(entry)))
        {
            problems.Add(new(ClaimMappings.From, "The whole address is an object and stays as it is; user.address.country and the like are its parts."));
        }
        else if (several && type != MappingType.Array && entry[ClaimMappings.Values] is null)
        {
            problems.Add(new(ClaimMappings.Type, "There may be several of these: the type is array, or \"values\" names them with the most wanted first."));
        }

        if (entry[ClaimMappings.Prefix]?.GetValue<string>() is { } prefix
            && (prefix.Length > longestPrefix || prefix.Any(char.IsControl) || type is not (MappingType.String or MappingType.Array)))
        {
            problems.Add(new(ClaimMappings.Prefix, $"A prefix has at most {longestPrefix} visible characters, and goes before a string or the strings of an array."));
        }

        if (entry[ClaimMappings.Values] is JsonObject values)
        {
            problems.AddRange(ProblemsOfTable(values, type, mostValues));
        }

        return problems;
    }

    private static IEnumerable<MetadataProblem> ProblemsOfConstant(JsonObject entry, JsonElement constant, MappingType type)
    {
        if (!Fits(constant, type))
        {
            yield return new(ClaimMappings.Value, $"This must be {Words(type)}.");
        }
        else if (Encoding.UTF8.GetByteCount(constant.GetRawText()) > LargestValue)
        {
            yield return new(ClaimMappings.Value, $"This has at most {LargestValue} bytes.");
        }

        if (HasTransformation(entry))
        {
            yield return new(ClaimMappings.Value, "A constant is written as it shall be: without prefix, lowercase and values.");
        }
    }

    private static IEnumerable<MetadataProblem> ProblemsOfTable(JsonObject values, MappingType type, int most)
    {
        if (values.Count is 0 || values.Count > most)
        {
            yield return new(ClaimMappings.Values, $"This has 1 to {most} members.");
        }

        var item = type == MappingType.Array ? MappingType.String : type;
        foreach (var (name, value) in values)
        {
            if (!Fits(JsonSerializer.SerializeToElement(value), item))
            {
                yield return new($"{ClaimMappings.Values}.{name}", $"This must be {Words(item)}.");
            }
        }
    }

    private static bool HasTransformation(JsonObject entry) =>
        entry[ClaimMappings.Prefix] is not null || entry[ClaimMappings.Lowercase] is not null || entry[ClaimMappings.Values] is not null;

    private static bool Fits(JsonElement value, MappingType type) => (type, value.ValueKind) switch
    {
        (MappingType.String, JsonValueKind.String) => true,
        // A number that would be written as another one, or as none, is refused.
        (MappingType.Number, JsonValueKind.Number) => value.TryGetInt64(out _) || (value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') && double.IsFinite(value.GetDouble())),
        (MappingType.Boolean, JsonValueKind.True or JsonValueKind.False) => true,
        (MappingType.Object, JsonValueKind.Object) => true,
        (MappingType.Array, JsonValueKind.Array) => value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String),
        _ => false,
    };

    private static string Words(MappingType type) => type switch
    {
        MappingType.String => "a string",
        MappingType.Number => "a number",
        MappingType.Boolean => "true or false",
        MappingType.Array => "an array of strings",
        _ => "an object",
    };
}
