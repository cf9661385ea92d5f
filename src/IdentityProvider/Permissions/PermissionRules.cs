namespace IdentityProvider.Permissions;

/// <summary>What permissions and groups may be called. Each problem is a sentence; null when there is none.</summary>
internal static class PermissionRules
{
    public const int LongestName = 128;
    public const int LongestGroup = 256;
    public const int LongestDescription = 200;

    public static string? NameProblem(string name) =>
        name.Length is > 0 and <= LongestName && name.All(static character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or ':' or '-')
            ? null
            : $"A permission's name has 1 to {LongestName} letters, digits and . _ : - only.";

    public static string? GroupProblem(string name) =>
        name.Length is > 0 and <= LongestGroup && !name.Any(static character => char.IsControl(character) || char.IsWhiteSpace(character))
            ? null
            : $"A group's name has at most {LongestGroup} visible characters and no space.";

    public static string? DescriptionProblem(string? description) =>
        description is null || (description.Length <= LongestDescription && !description.Any(char.IsControl))
            ? null
            : $"This has at most {LongestDescription} visible characters.";
}
