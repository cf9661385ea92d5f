using IdentityProvider.Pages.SignIn;

namespace IdentityProvider.Pages.Account;

/// <summary>What the list of sessions says after a form. The address carries one of these words, never a text.</summary>
internal static class SessionNotices
{
    public const string Ended = "ended";
    public const string Others = "others";
    public const string Gone = "gone";

    public static Notice OutOfDate { get; } = new("Once more, please", "This page was out of date, so nothing was changed.", IsError: false);

    public static string After(string path, string word) => $"{path}?done={word}";

    public static Notice? Of(string? word) => word switch
    {
        Ended => new("Signed out", "That device is signed out. Whoever uses it has to sign in again.", IsError: false),
        Others => new("Signed out everywhere else", "You are signed in on this device only.", IsError: false),
        Gone => new("Nothing to sign out", "That device is not signed in, or not any more.", IsError: false),
        _ => null,
    };
}
