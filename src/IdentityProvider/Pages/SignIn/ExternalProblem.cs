using System.Diagnostics;
using IdentityProvider.Federation;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Pages.SignIn;

/// <summary>Why a sign-in elsewhere signed nobody in, for the person, and what to do next.</summary>
/// <param name="IsDone">Whether the next step is onwards rather than back to signing in.</param>
internal sealed record ExternalProblem(string Title, string Advice, int Status, bool IsDone = false)
{
    private static readonly ExternalProblem done = new(
        "This step is already done",
        "You are signed in. This page was opened a second time. Go on from the start page, or go back to the application you came from.",
        StatusCodes.Status200OK,
        IsDone: true);

    private static readonly ExternalProblem lost = new(
        "That sign-in could not be finished",
        "It took too long, or it began in another browser. Nothing was changed. Start again from here.",
        StatusCodes.Status400BadRequest);

    public static ExternalProblem NothingToFinish(bool isSignedIn) => isSignedIn ? done : lost;

    public static ExternalProblem For(ExternalFailure failure, bool isSignedIn) => failure switch
    {
        ExternalFailure.Cancelled => new(
            "Sign-in with Google was cancelled",
            "Nothing was changed. You can try again or sign in another way.",
            StatusCodes.Status200OK),
        ExternalFailure.StateLost => NothingToFinish(isSignedIn),
        ExternalFailure.ProviderFailed => new(
            "Google did not answer as it should",
            "Try again in a moment, or sign in another way.",
            StatusCodes.Status502BadGateway),
        _ => throw new UnreachableException($"Unhandled failure {failure}."),
    };

    public static ExternalProblem For(ExternalRefusal reason) => reason switch
    {
        ExternalRefusal.Unverified => new(
            "Google has not verified your email address",
            "So we cannot know that it is yours. Verify it at Google first, or sign in another way.",
            StatusCodes.Status403Forbidden),
        ExternalRefusal.Disabled => new(
            "This account is not active",
            "Ask the people who run this service to activate it.",
            StatusCodes.Status403Forbidden),
        ExternalRefusal.NothingToProveBy => new(
            "You already have an account",
            "Your address belongs to an account here that you sign in to in another way. Use that way, or ask the people who run this service.",
            StatusCodes.Status403Forbidden),
        _ => throw new UnreachableException($"Unhandled reason {reason}."),
    };
}
