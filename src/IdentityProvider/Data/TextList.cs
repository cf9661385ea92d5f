using System.Text.Json;
using System.Text.Json.Serialization;

namespace IdentityProvider.Data;

/// <summary>A list of texts in one column, as a JSON array.</summary>
internal static class TextList
{
    public static string Write(IEnumerable<string> values) => JsonSerializer.Serialize([.. values], ColumnJson.Default.StringArray);

    public static string[] Read(string? json) =>
        string.IsNullOrEmpty(json) ? [] : JsonSerializer.Deserialize(json, ColumnJson.Default.StringArray) ?? [];
}

/// <summary>What columns hold as JSON and a start reads: known when the program is built, so that no start works it out by reflection.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(UserProfile))]
internal sealed partial class ColumnJson : JsonSerializerContext;
