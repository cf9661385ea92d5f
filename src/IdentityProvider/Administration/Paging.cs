using System.Text.Json.Nodes;

namespace IdentityProvider.Administration;

/// <summary>Lists are given in pieces; each names what the next begins after.</summary>
internal static class Paging
{
    /// <param name="found">One more than asked for, where there are more.</param>
    public static Answer Of<T>(string name, IReadOnlyList<T> found, int limit, Func<T, string> key, Func<T, JsonObject> describe)
    {
        var shown = found.Take(limit).ToList();
        var page = new JsonObject { [name] = new JsonArray([.. shown.Select(describe)]) };
        if (found.Count > limit)
        {
            page["next"] = key(shown[^1]);
        }

        return Answer.Ok(page);
    }
}
