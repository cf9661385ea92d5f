using IdentityProvider.Audit;

namespace IdentityProvider.UnitTests.Audit;

public sealed class DecisionReferenceTests
{
    [Theory]
    [InlineData("7K3M9QXA", "7K3M9QXA")]
    [InlineData("7K3M-9QXA", "7K3M9QXA")]
    [InlineData(" 7k3m 9qxa ", "7K3M9QXA")]
    [InlineData("oilO-ILol", "01101101")]
    [InlineData("7K3M9QX", null)]
    [InlineData("7K3M9QXAA", null)]
    [InlineData("7K3M9QXU", null)]
    [InlineData("7K3M9QX\u0410", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void What_a_person_types_is_read_as_they_mean_it(string? typed, string? expected) =>
        Assert.Equal(expected, DecisionReference.Parse(typed));

    [Fact]
    public void A_new_one_is_shown_in_two_groups_and_read_back()
    {
        var references = Enumerable.Range(0, 1000).Select(_ => DecisionReference.New()).ToList();

        Assert.Equal(1000, references.Distinct().Count());
        Assert.All(references, reference =>
        {
            Assert.Matches("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$", DecisionReference.Show(reference));
            Assert.Equal(reference, DecisionReference.Parse(DecisionReference.Show(reference)));
        });
    }
}
