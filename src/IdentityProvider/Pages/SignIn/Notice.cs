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

    /// <summary>The same words for an unknown, an expired and a used code.</summary>
    public static Notice WrongUserCode { get; } =
        new("That code did not work", "Check it against your device. If it has been there for a while, start again there and enter the new code.", IsError: true);

    public static Notice TooManyUserCodes { get; } =
        new("Too many wrong codes", "Wait ten minutes, then start again on your device and enter the new code.", IsError: false);

    public static Notice OutOfDate { get; } =
        new("Once more, please", "This page was out of date, so nothing was sent. Fill it in again.", IsError: false);
}
