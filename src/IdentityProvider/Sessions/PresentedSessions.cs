using System.Data.Common;
using System.Security.Cryptography;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Sessions;

/// <summary>The session that the browser of a request has: read once for each request, by primary key, together with its person.</summary>
internal sealed class PresentedSessions(SessionCookie cookie, SessionLife life, Statements statements)
{
    private static readonly object CurrentKey = new();

    private static readonly Statement find = new(
        """
        SELECT s."SecretHash", s."UserId", s."AuthenticatedAt", s."Methods", s."Acr", s."Persistent", s."CreatedAt", s."LastSeenAt", s."ExpiresAt",
            u."Subject", u."UserName", u."Email", u."Profile", s."Id"
        FROM "Sessions" AS s INNER JOIN "Users" AS u ON u."Id" = s."UserId"
        WHERE s."Id" = @sid AND s."EndedAt" IS NULL AND s."SupersededAt" IS NULL AND u."DisabledAt" IS NULL
        """,
        "@sid");

    /// <summary>The live session of this request, or null.</summary>
    public async ValueTask<CurrentSession?> FindAsync(HttpContext http)
    {
        if (http.Items.TryGetValue(CurrentKey, out var found))
        {
            return ((Found)found!).Session;
        }

        var session = cookie.TryRead(http, out var sid, out var secret)
            ? await ReadAsync(sid, SessionCookie.HashOf(secret), http.RequestAborted)
            : null;
        http.Items[CurrentKey] = new Found(session);
        return session;
    }

    /// <summary>Gives the browser a session: its cookie, and what the rest of this request sees.</summary>
    /// <param name="expires">When the cookie ends; null for one that ends with the browser.</param>
    public void Give(HttpContext http, Session session, User user, string secret, DateTimeOffset? expires)
    {
        cookie.Write(http, session.Id, secret, expires);
        http.Items[CurrentKey] = new Found(View(session, user));
    }

    /// <summary>Takes the session's cookie away.</summary>
    public void Take(HttpContext http)
    {
        cookie.Delete(http);
        http.Items[CurrentKey] = new Found(null);
    }

    private async ValueTask<CurrentSession?> ReadAsync(string sid, byte[] secretHash, CancellationToken cancellationToken)
    {
        if (await statements.ReadAsync(find, Row.Read, cancellationToken, sid) is not { } found
            || life.IsOver(found.Session) || !CryptographicOperations.FixedTimeEquals(found.Session.SecretHash, secretHash))
        {
            return null;
        }

        life.Note(found.Session);
        return View(found.Session, found.User);
    }

    private static CurrentSession View(Session session, User user) => new(
        session.Id,
        user.Id,
        user.Subject,
        user.Profile.Name ?? user.UserName ?? user.Subject,
        user.UserName ?? user.Subject,
        user.Email,
        session.AuthenticatedAt,
        session.Methods.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        session.Acr,
        session.ExpiresAt);

    private sealed record Found(CurrentSession? Session);

    private sealed record Row(Session Session, User User)
    {
        public static Row Read(DbDataReader row) => new(
            new Session
            {
                Id = row.GetString(13),
                SecretHash = row.GetFieldValue<byte[]>(0),
                UserId = row.GetGuid(1),
                AuthenticatedAt = row.Time(2),
                Methods = row.GetString(3),
                Acr = row.GetString(4),
                Persistent = row.GetBoolean(5),
                CreatedAt = row.Time(6),
                LastSeenAt = row.Time(7),
                ExpiresAt = row.Time(8),
            },
            new User
            {
                Id = row.GetGuid(1),
                Subject = row.GetString(9),
                UserName = row.Text(10),
                Email = row.Text(11),
                Profile = UserRows.ProfileOf(row.GetString(12)),
            });
    }
}
