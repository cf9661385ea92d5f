using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Pages;

/// <summary>What the error page says to a person: what happened, and what to do now.</summary>
internal sealed record ErrorText(string Title, string Advice)
{
    private const string TryAgain = "Go back to the application and try again.";

    /// <param name="status">The status of the answer.</param>
    /// <param name="error">The protocol's error code, when the request was one of the protocol.</param>
    public static ErrorText For(int status, string? error) => (error, status) switch
    {
        (Errors.ServerError, _) or (null, 500) => new(
            "Something went wrong on our side",
            "It has been recorded. Wait a moment, then go back and try again."),
        (Errors.TemporarilyUnavailable, _) or (null, 503) => new(
            "This service is briefly not available",
            "Wait a moment, then go back and try again."),
        (Errors.AccessDenied, _) => new(
            "Access was not allowed",
            "Nothing was shared. Go back to the application if you want to try again."),
        (Errors.InvalidClient or Errors.UnauthorizedClient, _) => new(
            "This application may not sign you in here",
            "If you expected it to, tell the people who run the application."),
        (Errors.ExpiredToken or Errors.InvalidToken or Errors.InvalidGrant or Errors.InvalidRequestUri, _) => new(
            "This page has expired",
            "It was left open too long, or it began in another browser. Go back to the application and start again."),
        (not null, _) => new(
            "The application sent a request that cannot be accepted",
            TryAgain + " If it happens again, tell the people who run it."),
        (null, 400) => new(
            "This form has expired",
            "Nothing was sent. Go back, reload the page and try again."),
        (null, 401 or 403) => new(
            "You may not open this page",
            "Your account does not have access to it."),
        (null, 429) => new(
            "Too many attempts",
            "Wait a minute, then go back and try again."),
        (null, < 500) => new(
            "This page does not exist",
            "Check the address, or go on from the start page."),
        _ => new(
            "Something went wrong",
            TryAgain),
    };
}
