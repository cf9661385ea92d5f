using IdentityProvider.Pages;
using Xunit;

namespace IdentityProvider.UnitTests.Pages;

public class InitialsTests
{
    [Theory]
    [InlineData("Sample Shop", "S")]
    [InlineData("  alice", "a")]
    [InlineData("'Quoted'", "Q")]
    [InlineData("Élodie", "É")]
    [InlineData("𝒜lice", "𝒜")]
    [InlineData("山田", "山")]
    [InlineData("7 Seas", "7")]
    public void A_name_is_shown_by_its_first_letter(string name, string initial) => Assert.Equal(initial, Initials.Of(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ... ")]
    public void A_name_without_letters_has_a_stand_in(string? name) => Assert.Equal("?", Initials.Of(name));
}
