using IdentityProvider.Data;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Sessions;

/// <summary>The one door through which sessions begin and end.</summary>
internal sealed class SessionRegistry
{
    /// <summary>Starts a session for a person who has just proved who they are, and sets its cookie. Any session this browser had ends.</summary>
    /// <param name="methods">How they proved it (RFC 8176), such as <c>pwd</c>; for a federated sign-in <c>fed</c>.</param>
    /// <param name="persistent">Whether the cookie outlives the browser.</param>
    public Task<Session> StartAsync(HttpContext http, User user, IReadOnlyList<string> methods, bool persistent, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>The live session of this request, or null. At most one primary-key read per request.</summary>
    public ValueTask<CurrentSession?> FindCurrentAsync(HttpContext http) => throw new NotSupportedException();

    /// <summary>Ends the session of this request, if there is one, and removes its cookie.</summary>
    public Task EndCurrentAsync(HttpContext http, SessionEndReason reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Ends one session. Ending it twice is no error.</summary>
    public Task EndAsync(string sid, SessionEndReason reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Ends every session of a person.</summary>
    public Task EndAllAsync(Guid userId, SessionEndReason reason, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <summary>Who is signed in on this request.</summary>
internal sealed record CurrentSession(string Sid, Guid UserId, string Subject, string DisplayName, string UserName, string? Email,
    DateTime AuthenticatedAt, IReadOnlyList<string> Methods, string Acr);
