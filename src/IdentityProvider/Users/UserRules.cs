namespace IdentityProvider.Users;

/// <summary>What a user name, an address and a subject may look like.</summary>
internal static class UserRules
{
    private const int MaximumNameLength = 256;
    private const int MaximumAddressLength = 254;
    private const int MaximumSubjectLength = 255;

    /// <summary>What is wrong with a user name, as a sentence; null when nothing is.</summary>
    /// <param name="address">The person's own address: the only one that may serve as their name.</param>
    public static string? UserNameProblem(string userName, string? address) => userName switch
    {
        "" => "A user name is needed.",
        { Length: > MaximumNameLength } => $"The user name is too long: use at most {MaximumNameLength} characters.",
        _ when !userName.All(IsNameCharacter) => "The user name may have letters, digits and . _ - + ' @ only.",
        // People also sign in with their address, so a name that is somebody else's address would stand in their way.
        _ when userName.Contains('@', StringComparison.Ordinal) && address is not null
            && !userName.Equals(address, StringComparison.OrdinalIgnoreCase) =>
            "A user name with @ must be the person's own email address.",
        _ => null,
    };

    /// <summary>What is wrong with an email address, as a sentence; null when nothing is.</summary>
    public static string? AddressProblem(string address)
    {
        var at = address.IndexOf('@', StringComparison.Ordinal);
        return address.Length <= MaximumAddressLength
            && at > 0 && at == address.LastIndexOf('@') && at < address.Length - 1
            && address.All(character => !char.IsControl(character) && !char.IsWhiteSpace(character) && character is not ('<' or '>' or ',' or ';'))
                ? null
                : "This is not an email address.";
    }

    /// <summary>What is wrong with a subject (OpenID Connect Core §2: at most 255 ASCII characters), as a sentence; null when nothing is.</summary>
    public static string? SubjectProblem(string subject) =>
        subject.Length is > 0 and <= MaximumSubjectLength && subject.All(character => character is > ' ' and < '\x7f')
            ? null
            : $"A subject has 1 to {MaximumSubjectLength} printable ASCII characters and no space.";

    /// <summary>Whether a role could have this name. PostgreSQL takes no text with a null character in it, not even to look for it.</summary>
    public static bool MayBeRole(string name) => name.Length <= MaximumNameLength && !name.Any(char.IsControl);

    private static bool IsNameCharacter(char character) =>
        char.IsLetterOrDigit(character) || character is '.' or '_' or '-' or '+' or '\'' or '@';
}
