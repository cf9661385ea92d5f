namespace IdentityProvider.Pages.SignIn;

/// <summary>What stands above a form that has to be filled in again.</summary>
/// <param name="IsError">Whether what was typed was not right, rather than the moment.</param>
internal sealed record Notice(string Title, string Text, bool IsError)
{
    /// <summary>The same words for a wrong password, an unknown name, a locked and a disabled account.</summary>
    public static Notice WrongNameOrPassword { get; } =
        new("That did not work", "The username or the password is not right. Check both and try again.", IsError: true);

    public static Notice Busy { get; } =
        new("One moment", "Many people are signing in right now. Wait a few seconds and try again.", IsError: false);

    public static Notice OutOfDate { get; } =
        new("Once more, please", "This page was out of date, so nothing was sent. Fill it in again.", IsError: false);
}
