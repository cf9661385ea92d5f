using System.Text;

namespace IdentityProvider.Users;

/// <summary>
/// What a new password must be: long (NIST SP 800-63B-4 §3.1.1.2), with no rules of composition,
/// which only make people predictable.
/// </summary>
internal static class PasswordRules
{
    public const int MinimumLength = 12;
    public const int MaximumBytes = 1024;

    /// <summary>What is wrong with a new password, in a sentence for whoever chose it; null when nothing is.</summary>
    public static string? ProblemOf(string password) => password switch
    {
        // A surrogate pair is one character to the person who typed it.
        _ when password.EnumerateRunes().Take(MinimumLength).Count() < MinimumLength =>
            $"The password is too short: use {MinimumLength} characters or more.",
        _ when IsTooLong(password) => $"The password is too long: use at most {MaximumBytes} bytes.",
        _ => null,
    };

    /// <summary>Nobody has such a password, so nobody's time is spent on it.</summary>
    public static bool IsTooLong(string password) => Encoding.UTF8.GetByteCount(password) > MaximumBytes;
}
