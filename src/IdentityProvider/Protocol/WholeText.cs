using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace IdentityProvider.Protocol;

/// <summary>
/// Finds what JSON's grammar lets through and no text can hold: half of a surrogate pair (RFC 8259 §8.2), or bytes that are not UTF-8 (§8.1). A reader that
/// takes such a string out of a document throws, and no database stores it.
/// </summary>
internal static class WholeText
{
    private const string Value = "This text has half of a surrogate pair, such as \\ud800 alone, or bytes that are not UTF-8; write whole characters.";
    private const string Name = "The name of a member here has half of a surrogate pair, such as \\ud800 alone, or bytes that are not UTF-8; write whole characters.";

    /// <summary>Every string and name of the document that is no text, by its place.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static IReadOnlyList<MetadataProblem> Check(ReadOnlySpan<byte> json, JsonReaderOptions options)
    {
        var problems = new List<MetadataProblem>();
        var place = new Stack<Step>();
        // Readers of whole bodies pass over a byte order mark.
        var reader = new Utf8JsonReader(json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json, options);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when IsWhole(reader.ValueSpan):
                    place.Push(place.Pop() with { Name = reader.GetString()! });
                    continue;
                case JsonTokenType.PropertyName:
                    problems.Add(new(PathOf(place.Skip(1)), Name));
                    place.Push(place.Pop() with { Name = "?" });
                    continue;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    place.Pop();
                    continue;
            }

            if (place.TryPeek(out var list) && list.Name is null)
            {
                place.Push(place.Pop() with { Index = list.Index + 1 });
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    place.Push(new Step(null, -1));
                    break;
                case JsonTokenType.StartObject:
                    place.Push(new Step("", -1));
                    break;
                case JsonTokenType.String when !IsWhole(reader.ValueSpan):
                    problems.Add(new(PathOf(place), Value));
                    break;
            }
        }

        return problems;
    }

    /// <param name="text">A string as it stands in JSON, between its quotes.</param>
    private static bool IsWhole(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            return false;
        }

        // A first half that waits for its second.
        var waiting = false;
        while (text.Length > 0)
        {
            var (unit, length) = Unit(text);
            if (waiting != char.IsLowSurrogate(unit))
            {
                return false;
            }

            waiting = char.IsHighSurrogate(unit);
            text = text[length..];
        }

        return !waiting;
    }

    // The UTF-16 unit that an escape stands for; anything else is no half of a pair, whichever it is.
    private static (char Unit, int Length) Unit(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'\\', (byte)'u', ..] => Utf8Parser.TryParse(text[2..6], out ushort unit, out _, 'x') ? ((char)unit, 6) : ('u', 6),
        [(byte)'\\', ..] => ('e', 2),
        _ => ('c', 1),
    };

    private static string PathOf(IEnumerable<Step> place)
    {
        var path = new StringBuilder();
        foreach (var step in place.Reverse())
        {
            path.Append(step.Name is null ? $"[{step.Index}]" : path.Length == 0 ? step.Name : $".{step.Name}");
        }

        return path.ToString();
    }

    /// <param name="Name">The member, in an object; null in an array.</param>
    /// <param name="Index">The item, in an array.</param>
    private readonly record struct Step(string? Name, int Index);
}
