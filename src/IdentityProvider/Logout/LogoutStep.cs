using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Logout;

/// <summary>What the browser gets.</summary>
internal abstract record LogoutStep
{
    /// <summary>Path of the page that says so.</summary>
    public const string LoggedOutPage = "/logged-out";

    private LogoutStep()
    {
    }

    /// <summary>The session has ended; the library sends the browser back to the client, or to our own page when the client named no address.</summary>
    /// <param name="Page">Path and query of our own page, below the issuer's path.</param>
    public sealed record Done(string Page) : LogoutStep;

    /// <summary>The person is asked.</summary>
    /// <param name="Path">Path and query of the page, below the issuer's path.</param>
    public sealed record Ask(string Path) : LogoutStep;

    /// <summary>The same request again, by GET.</summary>
    /// <param name="Parameters">What was posted.</param>
    public sealed record Again(QueryString Parameters) : LogoutStep;

    /// <summary>Nobody was signed in, and nothing shows who sent the browser.</summary>
    public sealed record SignedOutPage : LogoutStep;
}
