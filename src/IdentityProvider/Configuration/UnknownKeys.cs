using Microsoft.Extensions.Configuration;

namespace IdentityProvider.Configuration;

/// <summary>Finds configuration keys that no capability reads. A misspelt key that is ignored is a setting that silently does not hold.</summary>
internal static class UnknownKeys
{
    public static IEnumerable<string> Below(IConfigurationSection section, IReadOnlyDictionary<string, Type> sections)
    {
        var settings = sections.TryGetValue(section.Path, out var type)
            ? SettingsBinder.SettingsOf(type).Select(property => property.Name).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : [];
        var inner = sections.Keys
            .Where(path => path.StartsWith(section.Path + ":", StringComparison.OrdinalIgnoreCase))
            .Select(path => path[(section.Path.Length + 1)..].Split(':')[0])
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        if (section.Value is { Length: > 0 })
        {
            yield return $"{section.Path} is a section, not a value; set one of {string.Join(", ", settings.Concat(inner).Order().Select(name => $"{section.Path}:{name}"))}.";
        }

        foreach (var child in section.GetChildren())
        {
            if (inner.Contains(child.Key))
            {
                foreach (var problem in Below(child, sections))
                {
                    yield return problem;
                }
            }
            else if (!settings.Contains(child.Key))
            {
                var nearest = settings.Concat(inner).OrderBy(name => Distance(name, child.Key)).FirstOrDefault();
                yield return nearest is not null && Distance(nearest, child.Key) <= Math.Max(2, nearest.Length / 3)
                    ? $"{child.Path} is not a setting; did you mean {section.Path}:{nearest}?"
                    : $"{child.Path} is not a setting; remove it.";
            }
        }
    }

    // Levenshtein, ignoring case.
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + substitution);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
