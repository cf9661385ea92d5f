using IdentityProvider.Data;
using Xunit;

namespace IdentityProvider.UnitTests.Data;

public class TokenReferenceTests
{
    [Fact]
    public void It_names_its_row_and_nobody_can_guess_it()
    {
        var id = Guid.CreateVersion7();
        var (one, other) = (TokenReference.New(id), TokenReference.New(id));

        Assert.Equal(id, TokenReference.ReadId(one));
        Assert.Equal(id, TokenReference.ReadId(other));
        Assert.NotEqual(one, other);
        Assert.Equal(64, one.Length);
        Assert.NotEqual(TokenReference.Hash(one), TokenReference.Hash(other));
        Assert.False(TokenReference.MayBeFormer(one));
    }

    [Fact]
    public void Every_character_of_it_counts()
    {
        var reference = TokenReference.New(Guid.CreateVersion7());

        for (var index = 0; index < reference.Length; index++)
        {
            var other = reference[..index] + (reference[index] == 'A' ? 'B' : 'A') + reference[(index + 1)..];
            Assert.NotEqual(TokenReference.Hash(reference), TokenReference.Hash(other));
        }
    }

    [Fact]
    public void What_follows_a_token_needs_both_the_token_and_the_seed()
    {
        var (presented, id) = (TokenReference.New(Guid.CreateVersion7()), Guid.CreateVersion7());
        var seed = TokenReference.New(id);

        var successor = TokenReference.After(presented, seed);

        Assert.Equal(successor, TokenReference.After(presented, seed));
        Assert.Equal(id, TokenReference.ReadId(successor!));
        Assert.NotEqual(seed, successor);
        Assert.NotEqual(successor, TokenReference.After(TokenReference.New(Guid.CreateVersion7()), seed));
        Assert.NotEqual(successor, TokenReference.After(presented, TokenReference.New(id)));
    }

    [Fact]
    public void What_an_earlier_version_kept_of_a_successor_leads_to_none() =>
        Assert.Null(TokenReference.After(TokenReference.New(Guid.CreateVersion7()), "CfDJ8OjG8WkkC89Ajh4E4l" + new string('x', 154)));

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAé")]
    [InlineData("ＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡＡ")]
    public void What_is_written_in_another_way_is_no_reference(string text) => Assert.Null(TokenReference.ReadId(text));
}
