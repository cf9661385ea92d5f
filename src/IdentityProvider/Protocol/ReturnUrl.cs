using System.Diagnostics.CodeAnalysis;

namespace IdentityProvider.Protocol;

/// <summary>An address on this server that a browser may be sent to after a step. The only maker is <see cref="Parse"/>.</summary>
internal sealed class ReturnUrl
{
    public static ReturnUrl Home { get; } = new("/");

    private ReturnUrl(string value) => Value = value;

    /// <summary>A local path with an optional query, beginning with exactly one slash.</summary>
    public string Value { get; }

    /// <summary>Takes a path of ours; anything else, whatever it looks like, becomes <see cref="Home"/>.</summary>
    public static ReturnUrl Parse(string? value) => IsLocal(value) ? new ReturnUrl(value) : Home;

    // Browsers read a backslash as a slash and drop tabs and line ends, so "/\evil", "//evil" and "/\t/evil" all leave this server.
    private static bool IsLocal([NotNullWhen(true)] string? value) =>
        value is ['/', ..]
        && value.Length <= 2048
        && (value.Length == 1 || value[1] is not ('/' or '\\'))
        && !value.Any(character => character is '\\' || char.IsControl(character) || character > '\x7e');

    public override string ToString() => Value;
}
