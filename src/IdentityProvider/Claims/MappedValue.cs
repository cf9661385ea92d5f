using System.Globalization;
using System.Text;
using System.Text.Json;
using IdentityProvider.Scopes;

namespace IdentityProvider.Claims;

/// <summary>What a mapping makes of the values of its source. Pure.</summary>
internal static class MappedValue
{
    private static readonly JsonElement yes = JsonSerializer.SerializeToElement(true);
    private static readonly JsonElement no = JsonSerializer.SerializeToElement(false);

    /// <param name="found">The values of the source, in its order; none where it has nothing.</param>
    /// <returns>The claim's value or, where there is no claim, why.</returns>
    public static (JsonElement? Value, string? LeftOut) Of(ClaimMapping mapping, IReadOnlyList<JsonElement> found)
    {
        if (found.Count == 0)
        {
            return (null, "its source has no value");
        }

        var values = found.Select(value => mapping.Lowercase && value.ValueKind == JsonValueKind.String
            ? Text(value.GetString()!.ToLowerInvariant())
            : value).ToList();
        if (mapping.Values is { } table)
        {
            // In the order of the table: where there may be only one, the first that fits is the most wanted.
            values = [.. table.Where(row => values.Exists(value => value.ValueKind == JsonValueKind.String ? value.ValueEquals(row.Key) : value.GetRawText() == row.Key))
                .Select(row => row.Value)];
            if (values.Count == 0)
            {
                return (null, "\"values\" names nothing that its source has");
            }
        }

        var typed = mapping.Type == MappingType.Array ? Texts(values, mapping.Prefix) : Typed(values[0], mapping);
        return typed is not { } value ? (null, $"its source has no {mapping.Type.ToString().ToLowerInvariant()}")
            : Encoding.UTF8.GetByteCount(value.GetRawText()) > MappingValueRules.LargestValue ? (null, $"it has more than {MappingValueRules.LargestValue} bytes")
            : (value, null);
    }

    private static JsonElement? Typed(JsonElement value, ClaimMapping mapping) => (mapping.Type, value.ValueKind) switch
    {
        (MappingType.String, JsonValueKind.String) => mapping.Prefix.Length == 0 ? value : Text(mapping.Prefix + value.GetString()),
        (MappingType.String, JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) => Text(mapping.Prefix + value.GetRawText()),
        (MappingType.Number, JsonValueKind.Number) or (MappingType.Boolean, JsonValueKind.True or JsonValueKind.False)
            or (MappingType.Object, JsonValueKind.Object) => value,
        (MappingType.Number, JsonValueKind.String) => Number(value.GetString()!),
        (MappingType.Boolean, JsonValueKind.String) => value.ValueEquals("true") ? yes : value.ValueEquals("false") ? no : null,
        (MappingType.Object, JsonValueKind.String) => Object(value.GetString()!),
        _ => null,
    };

    private static JsonElement? Texts(List<JsonElement> values, string prefix) => values.TrueForAll(value => value.ValueKind == JsonValueKind.String)
        ? JsonSerializer.SerializeToElement(values.Select(value => prefix + value.GetString()).Distinct(StringComparer.Ordinal))
        : null;

    private static JsonElement? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonSerializer.SerializeToElement(whole)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonSerializer.SerializeToElement(number)
        : null;

    private static JsonElement? Object(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);
}
