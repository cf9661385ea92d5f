using System.Text.RegularExpressions;
using IdentityProvider.Audit;
using IdentityProvider.UnitTests.Architecture;

namespace IdentityProvider.UnitTests.Audit;

/// <summary>A refusal that names its rule tells the administrator what to do about it.</summary>
public sealed partial class AdviceTests
{
    [Fact]
    public void Every_rule_with_a_name_has_advice() => Product.AssertNone(
        from source in Product.Sources("*.cs")
        where source.Path.StartsWith("src/IdentityProvider/", StringComparison.Ordinal) && NamesRules().IsMatch(source.Text)
        from rule in Rule().Matches(source.Text).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)
        where Advice.For(rule, "none") == Advice.For("none.none", "none")
        select $"{source.Path}: {rule} is not in {nameof(Advice)}");

    [Fact]
    public void A_rule_without_a_name_of_its_own_has_the_advice_of_its_error() =>
        Assert.Equal(Advice.For("token.invalid_client", "invalid_client"), Advice.For("none.none", "invalid_client"));

    [GeneratedRegex(@"Decision\.Explain\(|ExchangeRefusal|class LibraryRefusals")]
    private static partial Regex NamesRules();

    [GeneratedRegex("\"([a-z_]+\\.[a-z_]+)\"")]
    private static partial Regex Rule();
}
