using IdentityProvider.Data;

namespace IdentityProvider.Federation;

/// <summary>Decides whose account an upstream identity is.</summary>
internal static class AccountLinking
{
    /// <param name="known">The account already linked to this provider and subject.</param>
    /// <param name="holders">Every account here that has the identity's address, verified or not, or is called by it.</param>
    public static LinkingDecision Decide(ExternalIdentity identity, User? known, IReadOnlyList<User> holders) =>
        (known, identity.VerifiedEmail, holders) switch
        {
            ({ DisabledAt: not null }, _, _) => new LinkingDecision.Refuse(ExternalRefusal.Disabled),

            // The provider's own identifier decides: addresses change hands.
            (not null, _, _) => new LinkingDecision.SignIn(known),

            // Whoever can claim any address would otherwise take over, or squat on, somebody else's account.
            (null, null, _) => new LinkingDecision.Refuse(ExternalRefusal.Unverified),
            (null, _, []) => new LinkingDecision.CreateAccount(),

            // Never silently: the address may have had another owner when the account was made.
            (null, _, _) when holders.Any(holder => holder.PasswordHash is not null) => new LinkingDecision.AskForProof(),
            _ => new LinkingDecision.Refuse(ExternalRefusal.NothingToProveBy),
        };
}

/// <summary>What becomes of an upstream identity.</summary>
internal abstract record LinkingDecision
{
    private LinkingDecision()
    {
    }

    public sealed record SignIn(User User) : LinkingDecision;

    public sealed record CreateAccount : LinkingDecision;

    /// <summary>The person has to prove the local account that has the address.</summary>
    public sealed record AskForProof : LinkingDecision;

    public sealed record Refuse(ExternalRefusal Reason) : LinkingDecision;
}

/// <summary>Why an upstream identity signs nobody in.</summary>
internal enum ExternalRefusal
{
    /// <summary>The provider does not vouch for the address.</summary>
    Unverified,

    Disabled,

    /// <summary>The address belongs to an account here that has no password.</summary>
    NothingToProveBy,
}
