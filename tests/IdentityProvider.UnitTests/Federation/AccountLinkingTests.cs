using IdentityProvider.Data;
using IdentityProvider.Federation;
using IdentityProvider.Users;

namespace IdentityProvider.UnitTests.Federation;

public sealed class AccountLinkingTests
{
    private static readonly User Enabled = new() { PasswordHash = "hash" };
    private static readonly User Disabled = new() { PasswordHash = "hash", DisabledAt = DateTime.UnixEpoch };
    private static readonly User Passwordless = new();

    [Fact]
    public void The_decision_follows_from_subject_then_verification_then_address()
    {
        (string Case, string Expected, ExternalIdentity Identity, User? Known, User[] Holders)[] table =
        [
            ("known", "SignIn", Verified, Enabled, []),
            ("known, another has the address", "SignIn", Verified, Enabled, [Passwordless]),
            ("known, address no longer verified", "SignIn", Unverified, Enabled, []),
            ("known, no address any more", "SignIn", WithoutAddress, Enabled, []),
            ("known, disabled", "Disabled", Verified, Disabled, []),
            ("new", "CreateAccount", Verified, null, []),
            ("new, unverified", "Unverified", Unverified, null, []),
            ("new, unverified, address is somebody's", "Unverified", Unverified, null, [Enabled]),
            ("new, no address", "Unverified", WithoutAddress, null, []),
            ("new, address is somebody's", "AskForProof", Verified, null, [Enabled]),
            ("new, address is a disabled account's", "AskForProof", Verified, null, [Disabled]),
            ("new, address is several accounts'", "AskForProof", Verified, null, [Passwordless, Enabled]),
            ("new, address is an account's without password", "NothingToProveBy", Verified, null, [Passwordless]),
        ];

        Assert.All(table, row => Assert.Equal((row.Case, row.Expected), (row.Case, Name(AccountLinking.Decide(row.Identity, row.Known, row.Holders)))));
    }

    private static ExternalIdentity Verified => new(new ExternalLogin("google", "sub", "Google"), "a@example.com", EmailVerified: true, new UserProfile());

    private static ExternalIdentity Unverified => Verified with { EmailVerified = false };

    private static ExternalIdentity WithoutAddress => Verified with { Email = null };

    private static string Name(LinkingDecision decision) =>
        decision is LinkingDecision.Refuse refuse ? refuse.Reason.ToString() : decision.GetType().Name;
}
