using System.Globalization;

namespace IdentityProvider.Pages;

/// <summary>The one character that stands for a name where there is no picture.</summary>
internal static class Initials
{
    public static string Of(string? name)
    {
        // A whole text element: half a surrogate pair or a lone combining mark is not a character.
        var elements = StringInfo.GetTextElementEnumerator(name?.Trim() ?? "");
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            if (char.IsSurrogate(element[0]) || char.IsLetterOrDigit(element[0]))
            {
                return element;
            }
        }

        return "?";
    }
}
