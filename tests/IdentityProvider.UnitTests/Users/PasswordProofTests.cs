using IdentityProvider.Data;
using IdentityProvider.Users;

namespace IdentityProvider.UnitTests.Users;

public sealed class PasswordProofTests
{
    private static readonly User Enabled = new() { PasswordHash = "hash" };
    private static readonly User Disabled = new() { PasswordHash = "hash", DisabledAt = DateTime.UnixEpoch };
    private static readonly User WithoutPassword = new();

    [Theory]
    [InlineData((int)PasswordVerdict.Right)]
    [InlineData((int)PasswordVerdict.RightButOutdated)]
    public void The_right_password_of_an_enabled_account_proves_it_even_with_the_last_attempt(int verdict)
    {
        Assert.IsType<PasswordProof.Proved>(PasswordCheck.Decide(Enabled, Attempt.Another, (PasswordVerdict)verdict));
        Assert.IsType<PasswordProof.Proved>(PasswordCheck.Decide(Enabled, Attempt.Last, (PasswordVerdict)verdict));
    }

    [Fact]
    public void Nothing_else_does()
    {
        var proofs =
            from user in new[] { null, Enabled, Disabled, WithoutPassword }
            from attempt in Enum.GetValues<Attempt>()
            from verdict in Enum.GetValues<PasswordVerdict>()
            where PasswordCheck.Decide(user, attempt, verdict) is PasswordProof.Proved
            select (user, attempt, verdict);

        Assert.All(proofs, proof =>
        {
            Assert.Same(Enabled, proof.user);
            Assert.NotEqual(Attempt.None, proof.attempt);
            Assert.NotEqual(PasswordVerdict.Wrong, proof.verdict);
        });
    }
}
