using System.Diagnostics;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Federation;

/// <summary>Takes a person from the provider's callback to a session here.</summary>
internal sealed class ExternalSignIn(
    ExternalProviders providers, ExternalAccounts accounts, PasswordCheck passwords, PresentedSessions presented, NewSessions sessions, AuditLog audit)
{
    // "fed": signed in elsewhere. RFC 8176 has no word for it; "pwd" joins it where the password was proved as well.
    private const string Federated = "fed";
    private const string Password = "pwd";

    /// <summary>Goes on with what the provider said, once.</summary>
    /// <param name="clientId">The client whose request brought the person here, where one did: for the record.</param>
    public async Task<ExternalSignInOutcome> CompleteAsync(HttpContext http, string? clientId, CancellationToken cancellationToken)
    {
        if (await ExternalCookie.ReadAsync(http, providers) is not { } identity)
        {
            return new ExternalSignInOutcome.NothingToFinish(await presented.FindAsync(http) is not null);
        }

        switch (await accounts.ResolveAsync(identity, cancellationToken))
        {
            case LinkingDecision.SignIn signIn:
                return await StartAsync(http, signIn.User, identity, [Federated], clientId, cancellationToken);
            case LinkingDecision.AskForProof:
                return new ExternalSignInOutcome.ProveAccount(identity.Login.DisplayName, identity.VerifiedEmail!);
            case LinkingDecision.Refuse refusal:
                await ExternalCookie.DeleteAsync(http);
                audit.Record(AuditEventType.ExternalSignIn, succeeded: false, clientId: clientId, reason: $"{identity.Login.DisplayName}: {Describe(refusal.Reason)}");
                return new ExternalSignInOutcome.Refused(refusal.Reason);
            case var other:
                throw new UnreachableException($"Unhandled decision {other}.");
        }
    }

    /// <summary>The person proves the local account that has the address; then the two are linked for good.</summary>
    public async Task<ExternalSignInOutcome> LinkAsync(
        HttpContext http, string userName, string password, string? clientId, CancellationToken cancellationToken)
    {
        // What was asked a while ago may be answered differently now: linked meanwhile in another tab, disabled, gone.
        var outcome = await CompleteAsync(http, clientId, cancellationToken);
        if (outcome is not ExternalSignInOutcome.ProveAccount asked || await ExternalCookie.ReadAsync(http, providers) is not { } identity)
        {
            return outcome;
        }

        switch (await passwords.VerifyAsync(userName, password, cancellationToken))
        {
            case PasswordProof.Proved { User: var user } when await accounts.HasAddressAsync(user, identity, cancellationToken):
                return await accounts.LinkAsync(user, identity, cancellationToken)
                    ? await StartAsync(http, user, identity, [Password, Federated], clientId, cancellationToken)
                    : await CompleteAsync(http, clientId, cancellationToken);
            case PasswordProof.Proved { User: var user }:
                // Otherwise a link page planted by somebody else would tie their upstream account to whoever types a password into it.
                audit.Record(AuditEventType.SignInRefused, succeeded: false, user.Subject, clientId, reason: "The account proved is not the one that has the address.");
                return asked with { WasWrong = true };
            case PasswordProof.Refused refused:
                audit.Record(AuditEventType.SignInRefused, succeeded: false, refused.User?.Subject, clientId, reason: refused.Reason);
                return asked with { WasWrong = true };
            case PasswordProof.Busy:
                return asked with { RetryAfter = HashingQueue.RetryAfter };
            case var other:
                throw new UnreachableException($"Unhandled outcome {other}.");
        }
    }

    private async Task<ExternalSignInOutcome> StartAsync(
        HttpContext http, User user, ExternalIdentity identity, IReadOnlyList<string> methods, string? clientId, CancellationToken cancellationToken)
    {
        await ExternalCookie.DeleteAsync(http);
        if (await sessions.StartAsync(http, user, methods, persistent: false, cancellationToken) is not { } session)
        {
            audit.Record(AuditEventType.SignInRefused, succeeded: false, user.Subject, clientId, reason: "The account changed meanwhile.");
            return new ExternalSignInOutcome.NothingToFinish(IsSignedIn: false);
        }

        audit.Record(AuditEventType.ExternalSignIn, succeeded: true, user.Subject, clientId, session.Id, $"By {identity.Login.DisplayName}.");
        return new ExternalSignInOutcome.SignedIn();
    }

    private static string Describe(ExternalRefusal reason) => reason switch
    {
        ExternalRefusal.Unverified => "the address is not verified there.",
        ExternalRefusal.Disabled => "the account is disabled.",
        ExternalRefusal.NothingToProveBy => "the address belongs to an account without a password.",
        _ => throw new UnreachableException($"Unhandled reason {reason}."),
    };
}

/// <summary>The outcome of coming back from an upstream provider.</summary>
internal abstract record ExternalSignInOutcome
{
    private ExternalSignInOutcome()
    {
    }

    public sealed record SignedIn : ExternalSignInOutcome;

    /// <summary>The address is that of an account here, whose password is asked for.</summary>
    public sealed record ProveAccount(string Provider, string Address) : ExternalSignInOutcome
    {
        /// <summary>Whether a password was given and was not right, for whatever reason.</summary>
        public bool WasWrong { get; init; }

        /// <summary>Set when too many passwords are being verified at this moment.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }

    public sealed record Refused(ExternalRefusal Reason) : ExternalSignInOutcome;

    /// <summary>Opened a second time, too late, or without having been at the provider.</summary>
    public sealed record NothingToFinish(bool IsSignedIn) : ExternalSignInOutcome;
}
