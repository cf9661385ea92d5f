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
    /// <param name="Telling">Query of <see cref="LoggedOutPage"/>.</param>
    public sealed record Done(QueryString Telling) : LogoutStep;

    /// <summary>The person is asked.</summary>
    /// <param name="Path">Path and query of the page, below the issuer's path.</param>
    public sealed record Ask(string Path) : LogoutStep;

    /// <summary>The same request again, by GET.</summary>
    /// <param name="Parameters">What was posted.</param>
    public sealed record Again(QueryString Parameters) : LogoutStep;

    /// <summary>The session has ended; our own page tells clients through frames, and sends the browser on to the client that asked.</summary>
    /// <param name="Telling">Query of <see cref="LoggedOutPage"/>.</param>
    public sealed record TellClients(QueryString Telling) : LogoutStep;

    /// <summary>The session has ended; the browser goes to the client.</summary>
    /// <param name="Address">Registered by that client, with its state.</param>
    public sealed record Leave(string Address) : LogoutStep;

    /// <summary>Our own page: nobody is signed in any more, and no client gets them back.</summary>
    /// <param name="Telling">Query of <see cref="LoggedOutPage"/>.</param>
    public sealed record SignedOutPage(QueryString Telling) : LogoutStep;
}
