using System.Globalization;
using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Permissions;

namespace IdentityProvider.Administration;

/// <summary>How things are written that occur in several answers, and read.</summary>
internal static class Json
{
    private static readonly string[] moments = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"];

    /// <summary>RFC 3339, in UTC and whole seconds.</summary>
    public static JsonNode? Moment(DateTime? moment) => moment?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    /// <summary>By resource.</summary>
    public static JsonObject Permissions(IEnumerable<ResourcePermission> permissions) => new(permissions
        .GroupBy(item => item.Resource, StringComparer.Ordinal).OrderBy(resource => resource.Key, StringComparer.Ordinal)
        .Select(resource => KeyValuePair.Create(resource.Key, (JsonNode?)Texts(resource.Select(item => item.Permission).Order(StringComparer.Ordinal)))));

    public static JsonObject Assigned(string kind, string name, Period period) => Within(new JsonObject { [kind] = name }, period);

    /// <summary>The same with from when and until when it is assigned, where that is limited.</summary>
    public static JsonObject Within(JsonObject json, Period period)
    {
        if (period.NotBefore is { } from)
        {
            json["not_before"] = Moment(from);
        }

        if (period.ExpiresAt is { } until)
        {
            json["expires_at"] = Moment(until);
        }

        return json;
    }

    /// <summary>Reads a time as RFC 3339 writes it; null where it is none.</summary>
    public static DateTime? ReadMoment(string text) =>
        DateTimeOffset.TryParseExact(text, moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment.UtcDateTime : null;
}
