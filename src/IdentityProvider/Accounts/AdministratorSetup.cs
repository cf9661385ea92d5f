using System.Diagnostics;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Accounts;

/// <summary>Takes whoever holds the one-time link to a session as the first administrator.</summary>
internal sealed class AdministratorSetup(
    SetupLinks links, NewPasswords passwords, FirstAdministrator administrator, NewSessions sessions)
{
    // RFC 8176 §2.
    private const string Method = "pwd";

    public async Task<SetupOutcome> CompleteAsync(
        HttpContext http, string token, string userName, string? email, string password, CancellationToken cancellationToken)
    {
        // Looked at first, so that a void link costs no hash; what decides is its consumption.
        if (!await links.IsGoodAsync(token, cancellationToken))
        {
            return new SetupOutcome.LinkIsVoid();
        }

        switch (await passwords.HashAsync(password, cancellationToken))
        {
            case NewPassword.Hashed { Hash: var hash }:
                var outcome = await administrator.CreateAsync(token, userName, email, hash, cancellationToken);
                if (outcome is SetupOutcome.Created created)
                {
                    await sessions.StartAsync(http, created.User, [Method], persistent: false, cancellationToken);
                }

                return outcome;
            case NewPassword.Unacceptable unacceptable:
                return new SetupOutcome.Refused([new UserProblem(UserMembers.Password, unacceptable.Problem)]);
            case NewPassword.Busy:
                return new SetupOutcome.Busy(HashingQueue.RetryAfter);
            case var other:
                throw new UnreachableException($"Unhandled outcome {other}.");
        }
    }
}

/// <summary>The outcome of making the first administrator.</summary>
internal abstract record SetupOutcome
{
    private SetupOutcome()
    {
    }

    public sealed record Created(User User) : SetupOutcome;

    /// <summary>Used, too old, replaced by a newer one, never made, or no longer needed.</summary>
    public sealed record LinkIsVoid : SetupOutcome;

    /// <summary>The link still works.</summary>
    public sealed record Refused(IReadOnlyList<UserProblem> Problems) : SetupOutcome;

    public sealed record Busy(TimeSpan RetryAfter) : SetupOutcome;
}
