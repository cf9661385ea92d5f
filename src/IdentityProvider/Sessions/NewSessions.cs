using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Sessions;

/// <summary>The one door through which sessions begin. Around EF Core: whoever signs in has waited long enough for the hash.</summary>
internal sealed class NewSessions(
    Statements statements, PresentedSessions presented, SessionLife life, AuditLog audit, IServiceScopeFactory scopes, TimeProvider clock)
{
    // A sign-in and what ends all sessions of a person, or their account, come one after the other.
    private static readonly Statement hold = new(
        """
        UPDATE "Users" SET "SecurityStamp" = "SecurityStamp"
        WHERE "Id" = @user AND "SecurityStamp" IS NOT DISTINCT FROM @stamp AND "DisabledAt" IS NULL
        """,
        "@user", "@stamp");

    private static readonly Statement supersede = new(
        """UPDATE "Sessions" SET "SupersededAt" = @now WHERE "Id" = @sid AND "SupersededAt" IS NULL AND "EndedAt" IS NULL""",
        "@now", "@sid");

    private static readonly Statement add = new(
        """
        INSERT INTO "Sessions" ("Id", "SecretHash", "UserId", "AuthenticatedAt", "Methods", "Acr", "Persistent", "CreatedAt", "LastSeenAt",
            "UserAgent", "RemoteAddress", "ExpiresAt", "Continues")
        VALUES (@id, @secret, @user, @authenticated, @methods, @acr, @persistent, @created, @seen, @agent, @address, @expires, @continues)
        """,
        "@id", "@secret", "@user", "@authenticated", "@methods", "@acr", "@persistent", "@created", "@seen", "@agent", "@address", "@expires", "@continues");

    /// <summary>
    /// Starts a session for a person who has just proved who they are, and sets its cookie.
    /// A session that somebody else had in this browser ends; one of the same person is continued under the new <c>sid</c>.
    /// </summary>
    /// <param name="methods">How they proved it (RFC 8176), such as <c>pwd</c>; for a federated sign-in <c>fed</c>.</param>
    /// <param name="persistent">Whether the cookie outlives the browser.</param>
    /// <returns>Null when the account was disabled, removed, or given another password since <paramref name="user"/> was read: what was proved no longer counts.</returns>
    public async Task<Session?> StartAsync(
        HttpContext http, User user, IReadOnlyList<string> methods, bool persistent, CancellationToken cancellationToken)
    {
        // A new sid and secret on every login: whatever an attacker planted or knew before is worthless afterwards.
        var continued = await presented.FindAsync(http);
        if (continued is not null && continued.UserId != user.Id)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<SessionRegistry>().EndCurrentAsync(http, SessionEndReason.Replaced, cancellationToken);
            continued = null;
        }

        var now = clock.GetUtcNow();
        var expires = now + life.Absolute(persistent);
        var (sid, secret, secretHash) = SessionCookie.New();
        var session = new Session
        {
            Id = sid,
            SecretHash = secretHash,
            UserId = user.Id,
            AuthenticatedAt = now.UtcDateTime,
            Methods = string.Join(' ', methods),
            Acr = AcrValues.For(methods),
            Persistent = persistent,
            CreatedAt = now.UtcDateTime,
            LastSeenAt = now.UtcDateTime,
            UserAgent = AuditText.Fit(http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null, 256),
            RemoteAddress = AuditText.Fit(http.Connection.RemoteIpAddress?.ToString(), AuditText.RemoteAddress),
            ExpiresAt = expires.UtcDateTime,
        };
        if (!await statements.WriteAsync(writer => AddAsync(writer, session, user, continued?.Sid), cancellationToken))
        {
            return null;
        }

        presented.Give(http, session, user, secret, persistent ? expires : null);
        return session;
    }

    private async ValueTask<bool> AddAsync(StatementWriter writer, Session session, User user, string? continued)
    {
        if (await writer.ExecuteAsync(hold, user.Id, user.SecurityStamp) == 0)
        {
            return false;
        }

        // Of two sign-ins at once in one browser one continues it: two would end what the other still uses.
        session.Continues = continued is not null && await writer.ExecuteAsync(supersede, session.CreatedAt, continued) == 1 ? continued : null;
        await writer.ExecuteAsync(
            add, session.Id, session.SecretHash, session.UserId, session.AuthenticatedAt, session.Methods, session.Acr, session.Persistent,
            session.CreatedAt, session.LastSeenAt, session.UserAgent, session.RemoteAddress, session.ExpiresAt, session.Continues);
        await audit.AddAsync(
            writer, AuditEventType.SessionStarted, succeeded: true, user.Subject, sessionId: session.Id, reason: $"Signed in by {session.Methods}.");
        return true;
    }
}
