using IdentityProvider.Audit;

namespace IdentityProvider.UnitTests.Audit;

public sealed class DifferenceTests
{
    private const string Secret = "0123456789abcdefghijABCDEFGHIJ0123456789-_.";

    [Theory]
    [InlineData("https://a.example/cb", new[] { "https://b.example/cb" }, "https://b.example/cb", 8)]
    [InlineData("https://a.example/cb", new[] { "https://z.example/xx", "https://a.example/cb/" }, "https://a.example/cb/", 20)]
    [InlineData("", new[] { "https://a.example/" }, "https://a.example/", 0)]
    [InlineData("HTTPS://a.example/", new[] { "https://a.example/" }, "https://a.example/", 0)]
    public void The_nearest_candidate_is_compared(string sent, string[] candidates, string nearest, int index)
    {
        var difference = Difference.Between("redirect_uri", sent, candidates);

        Assert.Equal((nearest, index, (int?)candidates.Length), (difference.Nearest, difference.Index!.Value, difference.Candidates));
    }

    [Fact]
    public void A_difference_far_behind_is_shown_with_what_is_before_it()
    {
        var path = string.Concat(Enumerable.Repeat("/segment", 200));

        var difference = Difference.Between("redirect_uri", "https://a.example" + path + "/x", ["https://a.example" + path + "/y"]);

        Assert.Equal(17 + path.Length + 1, difference.Index);
        Assert.Equal(('x', 'y'), (difference.Sent![difference.Column!.Value], difference.Nearest![difference.Column.Value]));
        Assert.True(difference.ToJson().Length < 1000);
    }

    [Fact]
    public void What_could_be_a_secret_is_hidden_in_its_length()
    {
        var difference = Difference.Between("redirect_uri", $"https://a.example/cb?token={Secret}&user=1", ["https://a.example/cb"]);

        Assert.DoesNotContain(Secret[..40], difference.ToJson(), StringComparison.Ordinal);
        Assert.Equal($"https://a.example/cb?token={Secret}&user=1".Length, difference.Sent!.Length);
        Assert.DoesNotContain("hunter2", Difference.Between("redirect_uri", "https://me:hunter2@a.example/", ["https://a.example/"]).ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_of_everything_fits_its_column()
    {
        var longest = new string('"', 5000);
        var difference = Difference.Between(new string('w', 20), longest, [.. Enumerable.Range(0, 50).Select(i => longest + i)]) with { Note = new string('"', 300) };

        Assert.True(difference.ToJson().Length <= DecisionText.Difference, $"{difference.ToJson().Length}");
    }

    [Fact]
    public void A_secret_that_is_cut_is_hidden_too() =>
        Assert.Equal(new string('a', 10) + " " + new string('*', 9), DecisionText.Safe(new string('a', 10) + " " + Secret, 20));

    [Fact]
    public void Nothing_in_it_can_talk_to_a_terminal() =>
        Assert.Equal("https://a?[31mb", Difference.NotAmong("redirect_uri", "https://a\u001b[31mb", []).Sent);

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var difference = Difference.Between("scope", "a", ["b", "c"]);

        Assert.Equal(difference.ToJson(), Difference.FromJson(difference.ToJson())!.ToJson());
    }

    [Fact]
    public void A_report_sets_the_caret_under_the_first_character_that_differs()
    {
        var lines = DecisionReport.Of(new DecisionRecord
        {
            Reference = "7K3M9QXA",
            Count = 3,
            Endpoint = "authorization",
            Rule = "redirect_uri.exact",
            Error = "invalid_request",
            ClientId = "shop",
            Difference = Difference.Between("redirect_uri", "https://a.example/Cb", ["https://a.example/cb"]).ToJson(),
        }).Split('\n');

        var registered = Array.FindIndex(lines, line => line.Contains("registered  ", StringComparison.Ordinal));
        Assert.Equal(lines[registered].IndexOf("/cb", StringComparison.Ordinal) + 1, lines[registered + 1].IndexOf('^'));
        Assert.Contains("3 times", lines[1], StringComparison.Ordinal);
    }
}
