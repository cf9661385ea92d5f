using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol;

namespace IdentityProvider.Declarations;

/// <summary>Reads the form of a declaration file: JSON, with comments and trailing commas allowed because people write it.</summary>
internal static class DeclarationParser
{
    private static readonly (string Section, string Key)[] sections =
    [
        ("resources", "identifier"), ("scopes", "name"), ("clients", "client_id"), ("roles", "name"), ("users", "username"),
        ("groups", "name"),
    ];

    private static readonly JsonDocumentOptions leniently = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        // Of two members of one name the second would win silently.
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads the file's text.</summary>
    /// <param name="errors">Receives what is wrong with the form, one sentence each.</param>
    /// <returns>The entries whose form is right, or null when the text is no JSON object.</returns>
    public static Declaration? Parse(string text, ICollection<string> errors)
    {
        JsonNode? root;
        try
        {
            // Before it is taken apart: what is no text cannot be compared or stored. A half in the text itself was read as U+FFFD.
            var bytes = Encoding.UTF8.GetBytes(text);
            if (WholeText.Check(bytes, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }) is { Count: > 0 } halves)
            {
                foreach (var half in halves)
                {
                    errors.Add(half.ToString());
                }

                return null;
            }

            root = JsonNode.Parse(bytes, documentOptions: leniently);
        }
        catch (JsonException exception)
        {
            errors.Add(SyntaxError(exception));
            return null;
        }

        if (root is not JsonObject file)
        {
            errors.Add("The file must hold a JSON object with clients, scopes, resources, roles, users or groups.");
            return null;
        }

        foreach (var (name, _) in file)
        {
            // Editors find the schema by this member.
            if (name != "$schema" && !sections.Any(section => section.Section == name))
            {
                errors.Add($"{name}: There is no such section; known are {string.Join(", ", sections.Select(section => section.Section))}.");
            }
        }

        var entries = sections.ToDictionary(
            section => section.Section, section => Section(file, section.Section, section.Key, errors), StringComparer.Ordinal);
        return new Declaration(entries["resources"], entries["scopes"], entries["clients"], entries["roles"], entries["users"], entries["groups"]);
    }

    private static List<Entry> Section(JsonObject file, string section, string key, ICollection<string> errors)
    {
        var entries = new List<Entry>();
        if (file[section] is not { } value)
        {
            return entries;
        }

        if (value is not JsonArray list)
        {
            errors.Add($"{section}: This must be an array of objects.");
            return entries;
        }

        // Names of people, roles and groups are compared as sign-in compares them; everything else is compared exactly.
        var seen = new Dictionary<string, string>(section is "users" or "roles" or "groups" ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        for (var index = 0; index < list.Count; index++)
        {
            var path = $"{section}[{index}]";
            if (list[index] is not JsonObject members)
            {
                errors.Add($"{path}: This must be an object.");
            }
            else if (members[key] is not JsonValue named || named.GetValueKind() != JsonValueKind.String || named.GetValue<string>().Length == 0)
            {
                errors.Add($"{path}.{key}: Every entry of {section} needs a {key}, a string.");
            }
            else if (!seen.TryAdd(named.GetValue<string>(), path))
            {
                errors.Add($"{path}.{key} ({named}): {seen[named.GetValue<string>()]} declares the same {key}.");
            }
            else
            {
                members.Remove(key);
                entries.Add(new Entry(path, named.GetValue<string>(), members));
            }
        }

        return entries;
    }

    private static string SyntaxError(JsonException exception)
    {
        // The library appends its own notation of the place, counted from zero.
        var sentence = exception.Message.Split(" LineNumber:")[0];
        return exception.LineNumber is { } line ? $"Line {line + 1}: {sentence}" : sentence;
    }
}
