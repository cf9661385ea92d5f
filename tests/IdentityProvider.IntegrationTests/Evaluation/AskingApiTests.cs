using System.Net;
using System.Text;
using IdentityProvider.IntegrationTests.AuditTrail;
using IdentityProvider.IntegrationTests.ClientAuthentication;
using IdentityProvider.IntegrationTests.Permissions;
using static IdentityProvider.IntegrationTests.Evaluation.Asking;
using static IdentityProvider.IntegrationTests.Permissions.Publishing;

namespace IdentityProvider.IntegrationTests.Evaluation;

/// <summary>Who may ask, and how they show who they are (AuthZEN §10.1.2, §11.3).</summary>
public sealed class AskingApiTests(SharedProviders providers)
{
    private static readonly string question = Question("nobody", "posts.create");

    [Theory, OnEachDatabase(One), OnEachDatabase(All), OnEachDatabase(Actions)]
    public async Task Whoever_does_not_authenticate_hears_how_to(TestDatabase database, string path)
    {
        var host = await providers.WithPublishingAsync(database);
        var api = host.Party("posts-api");
        string[] wrong =
        [
            "", "Basic", "Basic %%%", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("posts-api")), "Digest username=x", "Bearer", "Bearer x", "Bearer x.y.z",
            Wire.Basic("posts-api", "wrong"), Wire.Basic("posts-api", ""), Wire.Basic("nobody", api.Secret!), Wire.Basic("", api.Secret!), Wire.Basic("posts-api\0", api.Secret!),
            // Registered to authenticate otherwise, or not at all.
            Wire.Basic(StandardDeclaration.Poster, host.RelyingParty(StandardDeclaration.Poster).Secret!), Wire.Basic(StandardDeclaration.Spa, ""),
        ];

        foreach (var authorization in wrong)
        {
            var answer = await api.AskAsync(question, authorization, path, "application/json");

            Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{authorization}: {answer}");
            Assert.Contains($"Basic realm=\"{host.Issuer}\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            Assert.Contains($"Bearer realm=\"{host.Issuer}\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            Assert.StartsWith("text/plain", answer.Headers["Content-Type"], StringComparison.Ordinal);
            Assert.Matches(@"^[A-Z][\x20-\x21\x23-\x5B\x5D-\x7E]+\.$", answer.Body);
        }
    }

    [Theory, OnEachDatabase]
    public async Task Only_a_client_that_exactly_one_API_names_may_ask(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);

        var nobodys = await host.Party("robot").AskAsync(question);
        var severals = await host.Party("bills-api").AskAsync(question);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (nobodys.Status, severals.Status));
        Assert.Contains("No API names this client", nobodys.Body, StringComparison.Ordinal);
        Assert.Contains("Register a client for each", severals.Body, StringComparison.Ordinal);
        (await host.Party("posts-api").AskAsync(question)).OrFail();
    }

    [Theory, OnEachDatabase] // However it authenticates at the token endpoint, an access token of its own is good here.
    public async Task An_API_may_ask_with_an_access_token_of_its_own(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var signer = await host.NewSignerAsync(new ClientKey());
        await host.ApplyAsync($$"""
            { "resources": [{ "identifier": "https://{{signer.ClientId}}.example", "clients": ["{{signer.ClientId}}"], "permissions": ["look"] }] }
            """);

        foreach (var api in new[] { signer, host.Party("relay") })
        {
            var token = (await api.ClientCredentialsAsync()).OrFail().AccessToken;
            Assert.Equal(host.Issuer, Wire.ClaimsOf(token).GetProperty("aud").GetString());

            (await api.AskAsync(question, "Bearer " + token, One, "application/json")).OrFail();
            (await api.AskAsync(question, "bearer  " + token, One, "application/json")).OrFail();
        }
    }

    [Theory, OnEachDatabase] // An API that was sent one of these could carry it here and ask in another's name.
    public async Task A_token_for_an_API_or_of_a_person_or_an_altered_or_revoked_one_does_not_ask(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var relay = host.Party("relay");
        var own = (await relay.ClientCredentialsAsync()).OrFail().AccessToken;
        var revoked = (await relay.ClientCredentialsAsync()).OrFail().AccessToken;
        (await relay.RevokeAsync(revoked)).OrFail();
        var person = await host.Party("desk").SignInAsync(await host.NewPersonAsync("""["author"]"""), "openid offline_access");
        var exchanged = (await relay.TokenAsync(new()
        {
            ["grant_type"] = ExchangeGrant,
            ["subject_token"] = (await host.Party("robot").ClientCredentialsAsync("posts")).OrFail().AccessToken,
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["actor_token"] = own,
            ["actor_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["resource"] = Posts,
        })).OrFail().AccessToken;
        string[] wrong = [(await relay.ClientCredentialsAsync("posts")).OrFail().AccessToken, person.AccessToken, person.IdToken, person.RefreshToken, own[..^4] + "AAAA", revoked, exchanged];

        foreach (var token in wrong)
        {
            var answer = await relay.AskAsync(question, "Bearer " + token, One, "application/json");

            Assert.True(answer.Status == HttpStatusCode.Unauthorized, answer.ToString());
            Assert.Contains("error=\"invalid_token\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }

        host.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await relay.AskAsync(question, "Bearer " + own, One, "application/json")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task What_is_refused_leaves_a_record_and_a_denial_does_not(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var api = host.Party("posts-api");

        await api.AskAsync(question, "", One, "application/json");
        await api.With("wrong").AskAsync(question);
        await host.Party("nobody").AskAsync(question);
        await api.AskAsync(question, "Bearer x", One, "application/json");
        await host.Party("robot").AskAsync(question);
        await host.Party("bills-api").AskAsync(question);
        await api.AskAsync("[]");
        await api.AskAsync(question, type: "text/plain");
        Assert.False(await api.MayAsync("nobody", "posts.create"));

        var records = await host.RefusalsAsync();
        Assert.Equal(
            ["client.unauthenticated", "client.secret posts-api", "client_id.unknown nobody", "token.unknown", "evaluation.no_api robot", "evaluation.several_apis bills-api",
                "evaluation.malformed posts-api", "evaluation.content_type posts-api"],
            records.Select(record => $"{record.Rule} {record.ClientId}".Trim()));
        Assert.All(records, record => Assert.Equal("evaluation", record.Endpoint));
    }

    [Theory, OnEachDatabase] // AuthZEN §10.1.3
    public async Task What_the_caller_calls_its_request_comes_back_whatever_the_answer_is(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        foreach (var (body, authorization, status) in new[] { (question, "Basic", 200), ("{", "Basic", 400), (question, "", 401), (new string(' ', 300_000), "Basic", 413) })
        {
            var request = new HttpRequestMessage(HttpMethod.Post, One) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("Authorization", authorization.Length > 0 ? Wire.Basic("posts-api", host.Party("posts-api").Secret!) : "");
            request.Headers.Add("X-Request-ID", "bfe9eb29 <&>");

            var answer = await host.Party("posts-api").SendAsync(request);

            Assert.Equal(status, (int)answer.Status);
            Assert.Equal("bfe9eb29 <&>", answer.Headers["X-Request-ID"]);
        }
    }

    [Theory, OnEachDatabase]
    public async Task Only_POST_asks_and_subjects_and_resources_are_not_searched_for(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);

        using var get = await host.Http.GetAsync(One);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Party("posts-api").AskAsync(question, "access/v1/search/subject")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Party("posts-api").AskAsync(question, "access/v1/search/resource")).Status);
    }
}
