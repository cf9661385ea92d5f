using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace IdentityProvider.IntegrationTests.Evaluation;

/// <summary>What docs/ask-for-decisions.md shows is asked, and answered as it says.</summary>
public sealed partial class AskForDecisionsPageTests
{
    [Theory, OnEachDatabase]
    public async Task The_page_shows_what_happens(TestDatabase database)
    {
        Installed.Require(database);
        var blocks = Block().Matches(await File.ReadAllTextAsync(Repository.PathOf("docs", "ask-for-decisions.md"))).Select(match => match.Groups[1].Value).ToList();
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync(blocks[0]);

        Assert.Equal(4, (blocks.Count - 1) / 2);
        foreach (var (command, answer) in blocks.Skip(1).Chunk(2).Select(pair => (pair[0], pair[1])))
        {
            var curl = Curl().Match(command);
            Assert.True(curl.Success, command);
            using var request = new HttpRequestMessage(HttpMethod.Post, curl.Groups["path"].Value)
            {
                Content = new StringContent(curl.Groups["body"].Value, Encoding.UTF8, "application/json"),
            };
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(curl.Groups["user"].Value)));

            using var response = await host.Http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();

            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(answer), JsonNode.Parse(body)), $"{command}\n{body}");
        }
    }

    [GeneratedRegex("^```(?:json|sh)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^curl http://localhost:5000/(?<path>[^ ]+) -u (?<user>[^ ]+) -H 'Content-Type: application/json' -d '(?<body>.*)'\\s*$", RegexOptions.Singleline)]
    private static partial Regex Curl();
}
