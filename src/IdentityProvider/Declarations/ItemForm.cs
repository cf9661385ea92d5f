using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Protocol;

namespace IdentityProvider.Declarations;

/// <summary>How the items of a list may be written: as a name, or as an object that has the name under a key, and more.</summary>
internal sealed record ItemForm(string Key, StringComparer Comparer, MemberTable Members)
{
    private const string NotBefore = "not_before";
    private const string ExpiresAt = "expires_at";

    // Whole seconds, which both databases keep as they are.
    private static readonly string[] moments = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"];

    private bool IsPlain => Key.Length == 0;

    /// <summary>Nothing but names.</summary>
    public static ItemForm Plain(StringComparer comparer) => new("", comparer, new MemberTable());

    /// <summary>Something that is assigned, perhaps for a time.</summary>
    public static ItemForm Assigned(string key, StringComparer comparer) =>
        new(key, comparer, new MemberTable((key, MemberKind.Text), (NotBefore, MemberKind.Text), (ExpiresAt, MemberKind.Text)));

    /// <summary>Reads a list. Null is the empty list.</summary>
    /// <param name="member">What the list is called.</param>
    /// <param name="problems">Receives what is wrong with it.</param>
    /// <returns>The items that are right.</returns>
    public IReadOnlyList<NamedItem> Read(string member, JsonNode? list, ICollection<MetadataProblem> problems)
    {
        if (list is not (null or JsonArray))
        {
            problems.Add(new(member, IsPlain ? "This must be an array of strings." : "This must be an array of strings or objects."));
        }

        var items = new List<NamedItem>();
        var seen = new Dictionary<string, string>(Comparer);
        foreach (var (node, index) in (list as JsonArray ?? []).Select((node, index) => (node, index)))
        {
            var path = $"{member}[{index}]";
            var count = problems.Count;
            var item = ReadItem(path, node, problems);
            if (item is not null && !seen.TryAdd(item.Name, path))
            {
                problems.Add(new(path, $"{seen[item.Name]} names \"{item.Name}\" already."));
            }
            else if (item is not null && problems.Count == count)
            {
                items.Add(item);
            }
        }

        return items;
    }

    private NamedItem? ReadItem(string path, JsonNode? node, ICollection<MetadataProblem> problems)
    {
        switch (node)
        {
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } name:
                return new NamedItem(path, name, []);
            case JsonObject members when !IsPlain && Members.Check(members).ToList() is { Count: > 0 } wrong:
                foreach (var problem in wrong)
                {
                    problems.Add(problem.Under(path));
                }

                return null;
            case JsonObject members when !IsPlain && members[Key]?.GetValue<string>() is { Length: > 0 } name:
                var item = new NamedItem(path, name, members);
                ReadPeriod(item, problems);
                return item;
            default:
                problems.Add(new(path, IsPlain ? "This must be a string." : $"This must be a string, or an object with a {Key}."));
                return null;
        }
    }

    private static void ReadPeriod(NamedItem item, ICollection<MetadataProblem> problems)
    {
        var (from, until) = (Moment(NotBefore), Moment(ExpiresAt));
        item.Period = new Period(from, until);
        if (until <= from)
        {
            problems.Add(new($"{item.Path}.{ExpiresAt}", $"This must be later than {NotBefore}."));
        }

        DateTime? Moment(string member)
        {
            if (item.Members[member]?.GetValue<string>() is not { } text)
            {
                return null;
            }

            if (DateTimeOffset.TryParseExact(
                text, moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            {
                return moment.UtcDateTime;
            }

            problems.Add(new($"{item.Path}.{member}", "This must be a time as in RFC 3339, such as 2030-01-31T18:00:00Z."));
            return null;
        }
    }
}
