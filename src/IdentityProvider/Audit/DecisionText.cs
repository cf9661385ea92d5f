using System.Text.RegularExpressions;

namespace IdentityProvider.Audit;

/// <summary>
/// Makes a text of a stranger's safe to keep and to print on an administrator's terminal: printable ASCII, of a bounded length, and without anything
/// that could be a secret that was sent in the wrong place. Every secret, code, token and verifier here has 40 characters or more without a
/// break, and nothing else that a record shows does.
/// </summary>
internal static partial class DecisionText
{
    public const int Endpoint = 32;
    public const int Rule = 100;
    public const int Error = 64;
    public const int Asked = 4000;
    public const int Difference = 4500;

    public static string Safe(string text, int length) => Cut(Mask(Printable(text, length + BeyondCut)), length);

    // What is cut off one that begins just before must not make a secret too short to be noticed.
    private const int BeyondCut = 64;

    public static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    /// <summary>The text without characters that have no picture, cut.</summary>
    public static string Printable(string text, int length) => string.Create(Math.Min(text.Length, length), text, static (target, source) =>
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = source[i] is >= '\x20' and <= '\x7e' ? source[i] : '?';
        }
    });

    /// <summary>Hides what could be a secret behind as many stars, so that positions stay what they are.</summary>
    public static string Mask(string text) => Hidden().Replace(text, match => new string('*', match.Length));

    // The other half is the password of https://user:password@host/, which nobody registers but somebody may send.
    [GeneratedRegex("[A-Za-z0-9_+=%-]{40,}|(?<=://)[^/?#]*(?=@)")]
    private static partial Regex Hidden();
}
