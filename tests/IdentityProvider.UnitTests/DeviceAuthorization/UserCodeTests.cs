using IdentityProvider.DeviceAuthorization;

namespace IdentityProvider.UnitTests.DeviceAuthorization;

/// <summary>RFC 8628 §6.1.</summary>
public sealed class UserCodeTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("BCDF-GHJ")]
    [InlineData("BCDF-GHJKL")]
    [InlineData("BCDF-GHJA")]
    [InlineData("BCDF-GHJ0")]
    [InlineData("ＢＣＤＦ-ＧＨＪＫ")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public void What_cannot_be_a_code_is_none(string? typed) => Assert.Null(UserCode.Parse(typed));

    [Theory]
    [InlineData("WDJB-MJHT")]
    [InlineData("wdjbmjht")]
    [InlineData(" W D J B . m j h t ")]
    [InlineData("WDJB\u2014MJHT")]
    public void However_it_is_typed_it_is_the_same_code(string typed) => Assert.Equal("WDJB-MJHT", UserCode.Parse(typed)?.Shown);

    [Fact]
    public void New_codes_are_read_back_and_seldom_the_same()
    {
        var codes = Enumerable.Range(0, 1000).Select(_ => UserCode.New()).ToList();

        Assert.All(codes, code => Assert.Equal(code.Hash, UserCode.Parse(code.Shown)?.Hash));
        Assert.Equal(1000, codes.Select(code => code.Shown).Distinct().Count());
    }
}
