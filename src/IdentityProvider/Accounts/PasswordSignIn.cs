using System.Diagnostics;
using IdentityProvider.Audit;
using IdentityProvider.Sessions;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Accounts;

/// <summary>Signs a person in by name and password.</summary>
internal sealed class PasswordSignIn(PasswordCheck passwords, NewSessions sessions, AuditLog audit)
{
    // RFC 8176 §2.
    private const string Method = "pwd";

    /// <param name="clientId">The client whose request brought the person here, where one did: for the record.</param>
    public async Task<PasswordSignInOutcome> AttemptAsync(
        HttpContext http, string userName, string password, bool remember, string? clientId, CancellationToken cancellationToken)
    {
        switch (await passwords.VerifyAsync(userName, password, cancellationToken))
        {
            case PasswordProof.Proved { User: var user }:
                if (await sessions.StartAsync(http, user, [Method], remember, cancellationToken) is not { } session)
                {
                    audit.Record(AuditEventType.SignInRefused, succeeded: false, user.Subject, clientId,
                        reason: "The account changed while its password was being verified.");
                    return new PasswordSignInOutcome.Refused();
                }

                audit.Record(AuditEventType.SignIn, succeeded: true, user.Subject, clientId, session.Id, "By password.");
                return new PasswordSignInOutcome.SignedIn();
            case PasswordProof.Refused refused:
                audit.Record(AuditEventType.SignInRefused, succeeded: false, refused.User?.Subject, clientId, reason: refused.Reason);
                return new PasswordSignInOutcome.Refused();
            case PasswordProof.Busy:
                audit.Record(AuditEventType.SignInRefused, succeeded: false, clientId: clientId, reason: "Too many passwords were being verified.");
                return new PasswordSignInOutcome.Busy(HashingQueue.RetryAfter);
            case var other:
                throw new UnreachableException($"Unhandled outcome {other}.");
        }
    }
}

/// <summary>The outcome of signing in by password.</summary>
internal abstract record PasswordSignInOutcome
{
    private PasswordSignInOutcome()
    {
    }

    public sealed record SignedIn : PasswordSignInOutcome;

    /// <summary>Unknown, wrong, locked or disabled: whoever is asking is not told which.</summary>
    public sealed record Refused : PasswordSignInOutcome;

    /// <summary>Nothing was tried.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : PasswordSignInOutcome;
}
