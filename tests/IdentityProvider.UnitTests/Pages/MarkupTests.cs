using System.Text.RegularExpressions;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.UnitTests.Pages;

/// <summary>What holds for the markup of every page, read from its source.</summary>
public partial class MarkupTests
{
    private static readonly string pagesFolder = Path.Combine(Repository.Root, "src", "IdentityProvider", "Pages");

    public static TheoryData<string> Pages { get; } =
        [.. Directory.EnumerateFiles(pagesFolder, "*.cshtml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(pagesFolder, file))];

    [Theory, MemberData(nameof(Pages))]
    public void No_page_has_inline_style_or_script_which_the_Content_Security_Policy_would_refuse(string page)
    {
        var markup = Read(page);

        Assert.DoesNotMatch(StyleAttribute(), markup);
        Assert.DoesNotMatch(EventAttribute(), markup);
        Assert.DoesNotContain("<style", markup, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(InlineScript(), markup);
    }

    [Theory, MemberData(nameof(Pages))]
    public void Every_posted_form_with_an_address_of_its_own_carries_the_antiforgery_token(string page)
    {
        foreach (Match form in FormTag().Matches(Read(page)))
        {
            var postsElsewhere = form.Value.Contains("method=\"post\"", StringComparison.Ordinal) && form.Value.Contains(" action=", StringComparison.Ordinal);
            Assert.True(!postsElsewhere || form.Value.Contains("asp-antiforgery=\"true\"", StringComparison.Ordinal), form.Value);
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public void Every_class_a_page_uses_is_in_the_style_sheet(string page)
    {
        var known = ClassSelector().Matches(StyleSheetTests.StyleSheet).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        var used = ClassAttribute().Matches(Read(page)).SelectMany(match => match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Empty(used.Where(name => !known.Contains(name)).Distinct());
    }

    [Theory, MemberData(nameof(Pages))]
    public void No_page_raises_its_voice(string page) => Assert.DoesNotMatch(ExclamationMark(), Read(page));

    private static string Read(string page) => File.ReadAllText(Path.Combine(pagesFolder, page));

    [GeneratedRegex(@"\sstyle\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex StyleAttribute();

    [GeneratedRegex(@"\son[a-z]+\s*=\s*""", RegexOptions.IgnoreCase)]
    private static partial Regex EventAttribute();

    [GeneratedRegex(@"<script(?![^>]*\ssrc=)", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();

    [GeneratedRegex("<form[^>]*>")]
    private static partial Regex FormTag();

    [GeneratedRegex(@"\.([a-z][a-z-]*)")]
    private static partial Regex ClassSelector();

    // Where a class is chosen by code, only its fixed part is read.
    [GeneratedRegex(@"class=""([a-z -]*)")]
    private static partial Regex ClassAttribute();

    [GeneratedRegex(@"[a-z]!(\s|<)")]
    private static partial Regex ExclamationMark();
}
