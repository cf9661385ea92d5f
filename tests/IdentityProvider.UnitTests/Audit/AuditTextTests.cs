using IdentityProvider.Audit;

namespace IdentityProvider.UnitTests.Audit;

public sealed class AuditTextTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("shop", "shop")]
    [InlineData("0123456789", "01234567")]
    [InlineData("a\0b\nc", "a?b?c")]
    [InlineData("abc\U0001F600de", "abc\U0001F600de")]
    [InlineData("abcdefg\U0001F600", "abcdefg")]
    public void What_a_stranger_sent_fits_its_column(string? text, string? expected) =>
        Assert.Equal(expected, AuditText.Fit(text, 8));

    [Fact]
    public void Half_a_character_becomes_a_question_mark() => Assert.Equal("a?b", AuditText.Fit("a" + (char)0xD800 + "b", 8));
}
