using IdentityProvider.Users;

namespace IdentityProvider.UnitTests.Users;

public sealed class UserRulesTests
{
    [Theory]
    [InlineData("alice", null)]
    [InlineData("Zoë.Müller-O'Neil_2+x", null)]
    [InlineData("alice@example.com", null)]
    [InlineData("alice@example.com", "Alice@Example.com")]
    public void A_sensible_user_name_is_taken(string name, string? address) => Assert.Null(UserRules.UserNameProblem(name, address));

    [Theory]
    [InlineData("", null)]
    [InlineData("two words", null)]
    [InlineData("tab\t", null)]
    [InlineData("<b>", null)]
    [InlineData("a\u200Bb", null)]
    [InlineData("victim@example.com", "attacker@example.com")]
    public void A_user_name_that_deceives_or_is_somebody_elses_address_is_refused(string name, string? address) =>
        Assert.NotNull(UserRules.UserNameProblem(name, address));

    [Theory]
    [InlineData("a@b", true)]
    [InlineData("first.last+tag@mail.example.com", true)]
    [InlineData("no-at-sign", false)]
    [InlineData("@example.com", false)]
    [InlineData("alice@", false)]
    [InlineData("a@b@c", false)]
    [InlineData("a b@example.com", false)]
    [InlineData("a@example.com\r\nBcc: b@example.com", false)]
    public void An_address_has_something_on_both_sides_of_one_at_sign(string address, bool good) =>
        Assert.Equal(good, UserRules.AddressProblem(address) is null);

    [Fact] // OpenID Connect Core §2
    public void A_subject_has_at_most_255_printable_ASCII_characters()
    {
        Assert.Null(UserRules.SubjectProblem(new string('s', 255)));
        Assert.NotNull(UserRules.SubjectProblem(new string('s', 256)));
        Assert.NotNull(UserRules.SubjectProblem(""));
        Assert.NotNull(UserRules.SubjectProblem("with space"));
        Assert.NotNull(UserRules.SubjectProblem("sübject"));
    }

    [Theory] // NIST SP 800-63B: length only. An emoji is one character.
    [InlineData("eleven-char", false)]
    [InlineData("twelve-chars", true)]
    [InlineData("            ", true)]
    [InlineData("🔑🔑🔑🔑🔑🔑", false)]
    [InlineData("🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑", true)]
    public void A_password_is_judged_by_its_length_alone(string password, bool good) =>
        Assert.Equal(good, PasswordRules.ProblemOf(password) is null);

    [Fact]
    public void A_password_of_more_than_1024_bytes_is_refused()
    {
        Assert.Null(PasswordRules.ProblemOf(new string('x', 1024)));
        Assert.NotNull(PasswordRules.ProblemOf(new string('x', 1025)));
        Assert.NotNull(PasswordRules.ProblemOf(new string('ü', 513)));
    }
}
