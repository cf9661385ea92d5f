using IdentityProvider.Data;
using IdentityProvider.Users;

namespace IdentityProvider.Federation;

/// <summary>Finds, makes and links the account of an upstream identity.</summary>
internal sealed class ExternalAccounts(UserDirectory directory, AccountSearch search, UserAccounts users, ExternalLogins logins)
{
    // Every refusal of a new account means that somebody was faster, and reading again finds what they made.
    private const int Attempts = 3;

    /// <summary>The decision, with a new account already made where one was due.</summary>
    public async Task<LinkingDecision> ResolveAsync(ExternalIdentity identity, CancellationToken cancellationToken)
    {
        UserCreation? creation = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var decision = await DecideAsync(identity, cancellationToken);
            if (decision is not LinkingDecision.CreateAccount)
            {
                return decision;
            }

            creation = await users.CreateAsync(NewUserFrom(identity), cancellationToken);
            if (creation is UserCreation.Created created)
            {
                return new LinkingDecision.SignIn(created.User);
            }
        }

        throw new InvalidOperationException(
            $"No account could be made for a person from {identity.Login.DisplayName}: {string.Join(' ', ((UserCreation.Refused)creation!).Problems.Select(problem => problem.Message))}");
    }

    /// <summary>Whether this account has the address that the provider verified.</summary>
    public async Task<bool> HasAddressAsync(User user, ExternalIdentity identity, CancellationToken cancellationToken) =>
        (await search.FindHoldersAsync(identity.VerifiedEmail!, cancellationToken)).Any(holder => holder.Id == user.Id);

    /// <returns>False when the upstream account was linked by somebody else at this moment, or the account changed hands.</returns>
    public Task<bool> LinkAsync(User user, ExternalIdentity identity, CancellationToken cancellationToken) =>
        logins.LinkAsync(user, identity.Login, identity.VerifiedEmail!, cancellationToken);

    private async Task<LinkingDecision> DecideAsync(ExternalIdentity identity, CancellationToken cancellationToken)
    {
        var known = await FindAsync(identity, cancellationToken);
        var holders = known is null && identity.VerifiedEmail is { } address
            ? await search.FindHoldersAsync(address, cancellationToken)
            : [];
        if (known is null && holders.Count > 0)
        {
            // The holder may be this very person, whose account another request made between the two reads.
            // Account and link are saved together, so whoever sees the one now finds the other.
            known = await FindAsync(identity, cancellationToken);
        }

        return AccountLinking.Decide(identity, known, holders);
    }

    private Task<User?> FindAsync(ExternalIdentity identity, CancellationToken cancellationToken) =>
        directory.FindByExternalLoginAsync(identity.Login.Provider, identity.Login.Key, cancellationToken);

    private static NewUser NewUserFrom(ExternalIdentity identity)
    {
        var address = identity.VerifiedEmail!;
        return new NewUser
        {
            // An address may have characters that a name may not.
            UserName = UserRules.UserNameProblem(address, address) is null ? address : "user-" + Guid.CreateVersion7().ToString("N"),
            Email = address,
            EmailVerified = true,
            Profile = identity.Profile,
            ExternalLogin = identity.Login,
        };
    }
}
