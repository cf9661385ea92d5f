using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CsCheck;
using IdentityProvider.IntegrationTests.Permissions;
using static IdentityProvider.IntegrationTests.Evaluation.Asking;

namespace IdentityProvider.IntegrationTests.Evaluation;

/// <summary>What is no question is refused in a sentence, and never opens or breaks anything (AuthZEN §10.1.1, §11.5).</summary>
public sealed class MalformedQuestionTests(SharedProviders providers)
{
    private const string Subject = """ "subject": { "type": "user", "id": "x" } """;
    private const string Action = """ "action": { "name": "posts.create" } """;
    private const string Resource = """ "resource": { "type": "post", "id": "1" } """;

    public static TheoryData<string, string> Malformed => new()
    {
        { "", "one JSON object" },
        { "x", "one JSON object" },
        { "[]", "one JSON object" },
        { "null", "one JSON object" },
        { "\"text\"", "one JSON object" },
        { "{", "one JSON object" },
        { "{} {}", "one JSON object" },
        { "{} // why", "one JSON object" },
        { "{}", "subject is missing." },
        { $"{{ {Action}, {Resource} }}", "subject is missing." },
        { $"{{ {Subject}, {Resource} }}", "action is missing." },
        { $"{{ {Subject}, {Action} }}", "resource is missing." },
        { $"{{ \"subject\": \"x\", {Action}, {Resource} }}", "subject must be an object." },
        { $"{{ \"subject\": null, {Action}, {Resource} }}", "subject must be an object." },
        { $"{{ \"subject\": {{ \"id\": \"x\" }}, {Action}, {Resource} }}", "subject.type is missing." },
        { $"{{ \"subject\": {{ \"type\": \"user\" }}, {Action}, {Resource} }}", "subject.id is missing." },
        { $"{{ \"subject\": {{ \"type\": \"user\", \"id\": 7 }}, {Action}, {Resource} }}", "subject.id must be a string." },
        { $"{{ \"subject\": {{ \"type\": [], \"id\": \"x\" }}, {Action}, {Resource} }}", "subject.type must be a string." },
        { $"{{ \"subject\": {{ \"type\": \"user\", \"id\": \"x\", \"properties\": [] }}, {Action}, {Resource} }}", "subject.properties must be an object." },
        { $"{{ {Subject}, \"action\": {{ \"name\": null }}, {Resource} }}", "action.name must be a string." },
        { $"{{ {Subject}, {Action}, \"resource\": {{ \"type\": \"post\", \"id\": {{}} }} }}", "resource.id must be a string." },
        { $"{{ {Subject}, {Action}, {Resource}, \"context\": 1 }}", "context must be an object." },
        // RFC 7493 §2.1, §2.3
        { $"{{ {Subject}, {Action}, {Resource}, {Subject} }}", "every name once" },
        { $"{{ {Subject}, {Action}, {Resource}, \"context\": {{ \"a\": 1, \"\\u0061\": 2 }} }}", "every name once" },
        { $"{{ {Subject}, {Action}, {Resource}, \"context\": {{ \"a\": \"\\ud800\" }} }}", "half of a surrogate pair" },
        { $"{{ {Subject}, {Action}, {Resource}, \"context\": {{ \"\\udc00\": 1 }} }}", "half of a surrogate pair" },
        { $"{{ {Subject}, \"action\": {{ \"name\": \"\\udfff\" }}, {Resource} }}", "half of a surrogate pair" },
        { $"{{ {Subject}, {Action}, {Resource}, \"context\": {{ \"a\": {new string('[', 40)}{new string(']', 40)} }} }}", "32 levels deep" },
        { new string('[', 100_000), "one JSON object" },
    };

    [Theory, MemberData(nameof(Malformed))]
    public async Task It_is_told_what_is_wrong(string body, string sentence)
    {
        var host = await providers.WithPublishingAsync(TestDatabase.Sqlite);

        foreach (var path in new[] { One, All })
        {
            var answer = await host.Party("posts-api").AskAsync(body, path);

            Assert.True(answer.Status == HttpStatusCode.BadRequest, answer.ToString());
            Assert.StartsWith("text/plain", answer.Headers["Content-Type"], StringComparison.Ordinal);
            Assert.Contains(sentence, answer.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData($$"""{ {{Subject}}, {{Action}}, "evaluations": {} }""", "evaluations must be an array.")]
    [InlineData($$"""{ {{Subject}}, {{Action}}, "evaluations": [{ {{Resource}} }, 7] }""", "evaluations[1] must be an object.")]
    [InlineData($$"""{ {{Subject}}, {{Action}}, "evaluations": [{ {{Resource}} }, {}] }""", "evaluations[1].resource is missing.")]
    [InlineData($$"""{ {{Subject}}, {{Action}}, "evaluations": [{ "resource": { "type": "post" } }] }""", "evaluations[0].resource.id is missing.")]
    [InlineData($$"""{ {{Subject}}, {{Action}}, {{Resource}}, "options": [] }""", "options must be an object.")]
    [InlineData($$"""{ {{Subject}}, {{Action}}, {{Resource}}, "options": { "evaluations_semantic": "guess" } }""", "options.evaluations_semantic must be")]
    [InlineData($$"""{ {{Subject}}, {{Action}}, {{Resource}}, "options": { "evaluations_semantic": 1 } }""", "options.evaluations_semantic must be")]
    public async Task So_it_is_of_a_list(string body, string sentence)
    {
        var host = await providers.WithPublishingAsync(TestDatabase.Sqlite);

        var answer = await host.Party("posts-api").AskAsync(body, All);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(sentence, answer.Body, StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task A_list_has_a_hundred_questions_at_most(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        string Body(int count) => $$"""{ {{Subject}}, {{Action}}, "evaluations": [{{string.Join(',', Enumerable.Repeat($"{{ {Resource} }}", count))}}] }""";

        Assert.Equal(new string('F', 100), DecidedAll(await host.Party("posts-api").AskAsync(Body(100), All)));
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Party("posts-api").AskAsync(Body(101), All)).Status);
    }

    [Theory] // §10.1
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/problem+json")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_content_type_is_not_taken(string type)
    {
        var host = await providers.WithPublishingAsync(TestDatabase.Sqlite);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await host.Party("posts-api").AskAsync(Question("x", "y"), type: type)).Status);
        (await host.Party("posts-api").AskAsync(Question("x", "y"), type: "application/JSON; charset=\"UTF-8\"")).OrFail();
    }

    [Theory, OnEachDatabase(false), OnEachDatabase(true)]
    public async Task A_megabyte_is_too_large(TestDatabase database, bool chunked)
    {
        var host = await providers.WithPublishingAsync(database);
        var request = new HttpRequestMessage(HttpMethod.Post, One) { Content = new StringContent($$"""{ "context": { "a": "{{new string('x', 1_000_000)}}" } }""") };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic("posts-api", host.Party("posts-api").Secret!));
        request.Headers.TransferEncodingChunked = chunked;

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await host.Party("posts-api").SendAsync(request)).Status);
    }

    [Theory, OnEachDatabase] // A failure prints a seed: CsCheck_Seed repeats it.
    public async Task Whatever_is_changed_in_a_question_nothing_breaks_and_nothing_opens(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var api = host.Party("posts-api");
        var valid = Encoding.UTF8.GetBytes(
            $$"""{ {{Subject}}, {{Action}}, "evaluations": [{ {{Resource}}, "context": { "a": [1, null, "\u00fc"] } }, { {{Resource}} }], "options": { "evaluations_semantic": "execute_all" } }""");
        byte[] marks = [.. "\"\\{}[],:0-e\0"u8, 0x80, 0xed, 0xff];
        var changes = Gen.Select(Gen.Int[0, valid.Length - 1], Gen.OneOfConst(marks), Gen.Int[0, 2], (position, mark, kind) => kind switch
        {
            0 => (byte[])[.. valid[..position], mark, .. valid[position..]],
            1 => [.. valid[..position], mark, .. valid[(position + 1)..]],
            _ => [.. valid[..position], .. valid[(position + 1)..]],
        });

        await changes.SampleAsync(
            async body =>
            {
                foreach (var path in new[] { One, All, Actions })
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                    request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic("posts-api", api.Secret!));
                    using var response = await host.Http.SendAsync(request);
                    Assert.True((int)response.StatusCode is 200 or 400, $"{response.StatusCode}: {Encoding.UTF8.GetString(body)}");
                    Assert.DoesNotContain("\"decision\":true", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                }
            },
            iter: 150, threads: 1, print: Convert.ToHexString);
    }

    [Theory, OnEachDatabase] // What no database could hold, what looks like SQL, and bytes that are no text.
    public async Task Names_that_nobody_has_are_nobody(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var api = host.Party("posts-api");
        string[] names = ["", " ", "a\\u0000b", "\\n", new string('x', 100_000), "' OR 1=1 --", "\\ud83d\\ude00", "ümläut", "%", "\\\\"];

        foreach (var name in names)
        {
            Assert.False(await api.MayAsync(name, "posts.create"));
            Assert.False(await api.MayAsync(name, "posts.create", subjectType: "client"));
            Assert.False(await api.MayAsync("x", name, name));
        }

        var bytes = new ByteArrayContent([.. "{\"a\":\""u8, 0xff, 0xfe, .. "\"}"u8]);
        bytes.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, One) { Content = bytes };
        request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic("posts-api", api.Secret!));
        Assert.Equal(HttpStatusCode.BadRequest, (await api.SendAsync(request)).Status);
    }
}
