using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Logout;

/// <summary>What the browser gets.</summary>
internal abstract record LogoutStep
{
    private LogoutStep()
    {
    }

    /// <summary>The session has ended; the library sends the browser back to the client, or to our own page when the client named no address.</summary>
    public sealed record Done : LogoutStep;

    /// <summary>The person is asked.</summary>
    /// <param name="Path">Path and query of the page, below the issuer's path.</param>
    public sealed record Ask(string Path) : LogoutStep;

    /// <summary>The same request again, by GET.</summary>
    /// <param name="Parameters">What was posted.</param>
    public sealed record Again(QueryString Parameters) : LogoutStep;

    /// <summary>The session has ended; our own page tells clients through frames, and sends the browser on to the client that asked.</summary>
    /// <param name="Parameters">The query of the page.</param>
    public sealed record TellClients(QueryString Parameters) : LogoutStep;

    /// <summary>The session has ended; the browser goes to the client.</summary>
    /// <param name="Address">Registered by that client, with its state.</param>
    public sealed record Leave(string Address) : LogoutStep;

    /// <summary>Nobody was signed in, and nothing shows who sent the browser.</summary>
    public sealed record SignedOutPage : LogoutStep;
}
