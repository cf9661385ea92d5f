using System.Globalization;
using System.Text.RegularExpressions;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.UnitTests.Pages;

/// <summary>The colours of the design system can be read by people who see less well (WCAG 2.2, level AA).</summary>
public partial class StyleSheetTests
{
    internal static string StyleSheet { get; } =
        File.ReadAllText(Path.Combine(Repository.Root, "src", "IdentityProvider", "wwwroot", "idp.css"));

    [Theory] // WCAG 2.2, 1.4.3
    [InlineData("text", "surface")]
    [InlineData("text", "sunken")]
    [InlineData("text", "danger-soft")]
    [InlineData("text", "warn-soft")]
    [InlineData("text", "info-soft")]
    [InlineData("text-muted", "surface")]
    [InlineData("text-muted", "sunken")]
    [InlineData("text-muted", "canvas")]
    [InlineData("on-ink", "ink")]
    [InlineData("on-ink", "ink-hover")]
    [InlineData("on-danger", "danger")]
    [InlineData("on-danger", "danger-hover")]
    [InlineData("danger", "surface")]
    [InlineData("danger", "danger-soft")]
    [InlineData("warn", "warn-soft")]
    [InlineData("info", "info-soft")]
    public void Text_stands_out_from_what_is_behind_it(string text, string behind)
    {
        Assert.True(Contrast(Light[text], Light[behind]) >= 4.5, "light");
        Assert.True(Contrast(Dark[text], Dark[behind]) >= 4.5, "dark");
    }

    [Theory] // WCAG 2.2, 1.4.11
    [InlineData("line-strong", "surface")]
    [InlineData("accent", "surface")]
    [InlineData("accent", "canvas")]
    public void Field_borders_and_the_focus_ring_can_be_seen(string line, string behind)
    {
        Assert.True(Contrast(Light[line], Light[behind]) >= 3, "light");
        Assert.True(Contrast(Dark[line], Dark[behind]) >= 3, "dark");
    }

    [Fact]
    public void Every_token_that_is_used_exists()
    {
        var declared = Declaration().Matches(StyleSheet).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(Use().Matches(StyleSheet).Select(match => match.Groups[1].Value).Where(token => !declared.Contains(token)).Distinct());
    }

    private static Dictionary<string, string> Light { get; } = Colours(StyleSheet[..StyleSheet.IndexOf("@media", StringComparison.Ordinal)]);

    private static Dictionary<string, string> Dark { get; } = Colours(StyleSheet[StyleSheet.IndexOf("@media", StringComparison.Ordinal)..]);

    private static Dictionary<string, string> Colours(string css) => Colour().Matches(css)
        .DistinctBy(match => match.Groups[1].Value)
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    private static double Contrast(string one, string other)
    {
        double[] both = [Luminance(one), Luminance(other)];
        return (both.Max() + 0.05) / (both.Min() + 0.05);
    }

    private static double Luminance(string colour) =>
        (0.2126 * Channel(colour, 1)) + (0.7152 * Channel(colour, 3)) + (0.0722 * Channel(colour, 5));

    private static double Channel(string colour, int start)
    {
        var value = int.Parse(colour.AsSpan(start, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex("--([a-z-]+): (#[0-9a-f]{6});")]
    private static partial Regex Colour();

    [GeneratedRegex(@"--([a-z0-9-]+):")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"var\(--([a-z0-9-]+)\)")]
    private static partial Regex Use();
}
