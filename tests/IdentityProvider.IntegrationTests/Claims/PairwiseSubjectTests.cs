using System.Net;
using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Declarations;
using Microsoft.AspNetCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Claims;

/// <summary>OpenID Connect Core §8: who gets pairwise subjects gets them everywhere and for good. Checklist rows DI6, RG15, AZ38, AZ39, AZ47, RF2, LO1.</summary>
public sealed class PairwiseSubjectTests(SharedProviders providers)
{
    private const string Secret = "pairwise-secret-000000000000000000000000000";
    private const string North = "pairwise-north";
    private const string NorthToo = "pairwise-north-too";
    private const string South = "pairwise-south";

    [Theory, OnEachDatabase] // RG15
    public async Task Each_sector_knows_a_person_by_another_subject_and_always_by_the_same(TestDatabase database)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();

        var north = SubjectOf(await Client(host, North).SignInAsync(person));
        var again = SubjectOf(await Client(host, North).SignInAsync(person));
        var neighbour = SubjectOf(await Client(host, NorthToo).SignInAsync(person));
        var south = SubjectOf(await Client(host, South).SignInAsync(person));
        var other = SubjectOf(await Client(host, North).SignInAsync(await host.NewPersonAsync()));
        var everybody = SubjectOf(await host.RelyingParty(Shop).SignInAsync(person));

        Assert.Equal((north, north), (again, neighbour));
        Assert.Equal(4, new HashSet<string>([north, south, other, everybody]).Count);
        Assert.Equal(person.Subject, everybody);
        Assert.Matches("^[A-Za-z0-9_-]{22}$", north);
    }

    [Theory, OnEachDatabase] // UI1, RF2, IR1: OpenID Connect Core §5.3.2, §12.2
    public async Task Every_answer_names_the_same_subject_and_none_the_persons_own(TestDatabase database)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();
        var north = Client(host, North);

        var tokens = await north.SignInAsync(person, "openid profile offline_access orders");
        var refreshed = (await north.RefreshAsync(tokens.RefreshToken)).OrFail();
        var subject = SubjectOf(tokens);
        var userInfo = (await north.UserInfoAsync(refreshed.AccessToken)).OrFail();
        var introspected = (await north.IntrospectAsync(refreshed.AccessToken)).OrFail();
        var refreshToken = (await north.IntrospectAsync(refreshed.RefreshToken)).OrFail();
        var api = (await host.RelyingParty(Api).IntrospectAsync(refreshed.AccessToken)).OrFail();

        Assert.Equal(subject, SubjectOf(refreshed));
        Assert.All(
            [Wire.ClaimsOf(tokens.AccessToken), Wire.ClaimsOf(refreshed.AccessToken), userInfo.Json, introspected.Json, refreshToken.Json, api.Json],
            answer => Assert.Equal(subject, answer.GetProperty("sub").GetString()));
        Assert.Equal("Pat Person", userInfo["name"]);
        Assert.DoesNotContain(
            [Wire.ClaimsOf(tokens.IdToken), Wire.ClaimsOf(refreshed.AccessToken), userInfo.Json, introspected.Json, refreshToken.Json],
            answer => answer.GetRawText().Contains(person.Subject, StringComparison.Ordinal));
        Assert.DoesNotContain(Wire.ClaimsOf(tokens.AccessToken).EnumerateObject(), claim => claim.Name.StartsWith("oi_idp", StringComparison.Ordinal));
    }

    // A parameter that means nothing at the authorization endpoint once kept the sector's subject out, and the tokens named the person's own.
    [Theory, OnEachDatabase]
    public async Task A_grant_type_in_the_authorization_request_changes_no_subject(TestDatabase database)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();
        var north = Client(host, North);
        var subject = SubjectOf(await north.SignInAsync(person));

        foreach (var grantType in (string[])["refresh_token", "authorization_code", "client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"])
        {
            var tokens = await north.SignInAsync(person, "openid", parameters => parameters["grant_type"] = grantType);

            Assert.Equal(subject, SubjectOf(tokens));
            Assert.Equal(subject, Wire.ClaimsOf(tokens.AccessToken).GetProperty("sub").GetString());
        }
    }

    [Theory, OnEachDatabase] // IR4, IR5
    public async Task Revocation_and_the_record_of_it_know_the_person(TestDatabase database)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();
        var north = Client(host, North);
        var tokens = await north.SignInAsync(person, "openid offline_access");

        (await north.RevokeAsync(tokens.AccessToken)).OrFail();
        Assert.Equal(HttpStatusCode.Unauthorized, (await north.UserInfoAsync(tokens.AccessToken)).Status);
        (await north.RevokeAsync(tokens.RefreshToken)).OrFail();
        Assert.False((await north.RefreshAsync(tokens.RefreshToken)).Succeeded);

        await Eventually.TrueAsync(async () => await host.ReadAsync(db => db.Set<AuditEvent>()
            .CountAsync(row => row.Type == AuditEventType.TokenRevoked && row.Subject == person.Subject)) == 2);
    }

    [Theory, OnEachDatabase] // AZ38, AZ39, AZ47
    public async Task Hints_and_claims_name_people_as_the_client_knows_them(TestDatabase database)
    {
        var host = await ProviderAsync(database);
        var (person, other) = (await host.NewPersonAsync(), await host.NewPersonAsync());
        var north = Client(host, North);
        using var browser = host.NewBrowser();
        var own = await north.SignInAsync(browser, person);
        var foreign = await north.SignInAsync(other);

        Assert.Equal("code", await SilentlyAsync(browser, north, "id_token_hint", own.IdToken));
        Assert.Equal("login_required", await SilentlyAsync(browser, north, "id_token_hint", foreign.IdToken));
        Assert.Equal("code", await SilentlyAsync(browser, north, "claims", About(SubjectOf(own))));
        Assert.Equal("login_required", await SilentlyAsync(browser, north, "claims", About(SubjectOf(foreign))));
        // Else a client could find out whether a subject of another sector, or of everybody, is the person it knows.
        Assert.Equal("login_required", await SilentlyAsync(browser, north, "claims", About(person.Subject)));

        static string About(string subject) => $$$$"""{"id_token":{"sub":{"value":"{{{{subject}}}}"}}}""";
    }

    [Theory, OnEachDatabase] // LO1
    public async Task A_hint_with_a_pairwise_subject_signs_its_person_out(TestDatabase database)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();
        var north = Client(host, North);
        using var browser = host.NewBrowser();
        var tokens = await north.SignInAsync(browser, person);
        var foreign = await north.SignInAsync(await host.NewPersonAsync());

        var notHers = await browser.OpenAsync("/connect/logout?" + Wire.QueryOf([new("id_token_hint", foreign.IdToken)]));
        Assert.Null(notHers.Location);
        Assert.Equal("code", await SilentlyAsync(browser, north, "ui_locales", "en"));
        await browser.OpenAsync("/connect/logout?" + Wire.QueryOf([new("id_token_hint", tokens.IdToken)]));

        Assert.Equal("login_required", await SilentlyAsync(browser, north, "ui_locales", "en"));
    }

    [Theory, OnEachDatabase] // ID13: OpenID Connect Core §5.4, §8
    public async Task An_id_token_that_comes_alone_names_the_sectors_subject_and_the_claims_of_the_scopes(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Services = services => services.Configure<OpenIddictServerOptions>(options =>
            {
                options.GrantTypes.Add("implicit");
                options.ResponseTypes.Add("id_token");
            }),
        });
        await host.ApplyAsync("""
            { "clients": [{ "client_id": "fragments", "client_secret": "fragments-secret-000000000000000000000000000", "subject_type": "pairwise", "require_pkce": false,
              "grant_types": ["implicit"], "response_types": ["id_token"], "redirect_uris": ["https://fragments.example/cb"], "scope": "openid profile email" }] }
            """);
        var client = new RelyingParty(host, "fragments", null, "https://fragments.example/cb", AuthenticationBy.None);
        using var browser = host.NewBrowser();
        var request = client.NewRequest("openid email", parameters =>
        {
            (parameters["response_type"], parameters["claims"]) = ("id_token", """{"id_token":{"name":null}}""");
            parameters.Remove("code_challenge");
            parameters.Remove("code_challenge_method");
        });

        var page = await browser.AuthorizeAsync(request, Alice, AlicePassword);

        var idToken = Wire.ClaimsOf(request.AnswerFrom(page)["id_token"]);
        Assert.Matches("^[A-Za-z0-9_-]{22}$", idToken.GetProperty("sub").GetString());
        Assert.Equal("alice@example.com", idToken.GetProperty("email").GetString());
        Assert.Equal("Alice Example", idToken.GetProperty("name").GetString());
        Assert.False(idToken.TryGetProperty("birthdate", out _));
    }

    [Theory, OnEachDatabase]
    public async Task Of_two_first_sign_ins_at_once_both_name_one_subject(TestDatabase database)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var scope = host.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<PairwiseSubjects>().EnsureAsync(person.Subject, "parallel.example", CancellationToken.None);
        })));

        Assert.NotNull(Assert.Single(made.Distinct()));
    }

    [Theory, OnEachDatabase] // OpenID Connect Core §12.2
    public async Task A_grant_keeps_its_subject_when_the_registration_changes(TestDatabase database)
    {
        var host = await ProviderAsync(database);
        var person = await host.NewPersonAsync();
        await host.ApplyAsync(Declaration("pairwise-changing", "https://changing.example/cb"));
        var changing = new RelyingParty(host, "pairwise-changing", Secret, "https://changing.example/cb", AuthenticationBy.Basic);
        var before = await changing.SignInAsync(person, "openid offline_access");

        await host.ApplyAsync(Declaration("pairwise-changing", "https://changing.example/cb").Replace("\"pairwise\"", "\"public\"", StringComparison.Ordinal));
        var refreshed = (await changing.RefreshAsync(before.RefreshToken)).OrFail();
        var after = await changing.SignInAsync(person, "openid");

        Assert.Equal(SubjectOf(before), SubjectOf(refreshed));
        Assert.Equal(HttpStatusCode.OK, (await changing.UserInfoAsync(refreshed.AccessToken)).Status);
        Assert.Equal(person.Subject, SubjectOf(after));
    }

    [Theory, OnEachDatabase] // UI15
    public async Task Who_is_removed_leaves_no_subjects_behind(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        var clients = Declaration(North, "https://north.example/cb");
        var everything = clients[..^1] + """
            , "users": [{ "username": "gone", "password": "gone-test-password", "sub": "gone-subject" }] }
            """;
        await host.ApplyAsync(everything);
        var tokens = await Client(host, North).SignInAsync("gone", "gone-test-password");

        await host.ApplyAsync(clients, prune: true);
        Assert.Equal(0, await host.ReadAsync(db => db.Set<PairwiseSubject>().CountAsync()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Client(host, North).UserInfoAsync(tokens.AccessToken)).Status);

        await host.ApplyAsync(everything);
        Assert.NotEqual(SubjectOf(tokens), SubjectOf(await Client(host, North).SignInAsync("gone", "gone-test-password")));
    }

    [Theory, OnEachDatabase]
    public async Task Who_is_removed_while_the_answer_is_made_is_not_named_by_their_own_subject(TestDatabase database)
    {
        string? removed = null;
        await using var host = await ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Services = services => services.Configure<OpenIddictServerOptions>(options => options.Handlers.Add(
                OpenIddictServerHandlerDescriptor.CreateBuilder<OpenIddictServerEvents.ProcessSignInContext>()
                    .UseInlineHandler(async context =>
                    {
                        await using var scope = context.Transaction.GetHttpRequest()!.HttpContext.RequestServices.CreateAsyncScope();
                        await scope.ServiceProvider.GetRequiredService<AppDbContext>().Users.Where(user => user.Subject == removed).ExecuteDeleteAsync();
                    })
                    .SetOrder(UsePairwiseSubject.Resolve.Order - 1)
                    .Build())),
        });
        await host.ApplyAsync(Declaration(North, "https://north.example/cb"));
        var person = await host.NewPersonAsync();
        var north = Client(host, North);
        using var browser = host.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        removed = person.Subject;
        var request = north.NewRequest("openid", parameters => parameters["prompt"] = "none");
        await host.ApplyAsync(Declaration(North, "https://north.example/cb").Replace("\"scope\"", "\"first_party\": true, \"scope\"", StringComparison.Ordinal));

        var answer = request.AnswerFrom(await browser.OpenAsync(request.Url));

        Assert.Equal("login_required", answer["error"]);
        Assert.DoesNotContain("code", answer.Keys);
        Assert.Equal(0, await host.ReadAsync(db => db.Users.CountAsync(user => user.Subject == person.Subject)));
    }

    private async Task<ProviderHost> ProviderAsync(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync(Declaration(North, "https://north.example/cb", "openid profile orders"));
        await host.ApplyAsync(Declaration(NorthToo, "https://north.example/other"));
        await host.ApplyAsync(Declaration(South, "https://south.example/cb"));
        return host;
    }

    private static string Declaration(string clientId, string redirectUri, string scope = "openid profile") =>
        $$"""
        { "clients": [{ "client_id": "{{clientId}}", "client_secret": "{{Secret}}", "subject_type": "pairwise", "redirect_uris": ["{{redirectUri}}"],
          "grant_types": ["authorization_code", "refresh_token"], "scope": "{{scope}}" }] }
        """;

    private static RelyingParty Client(ProviderHost host, string clientId) => new(host, clientId, Secret, clientId switch
    {
        North => "https://north.example/cb",
        NorthToo => "https://north.example/other",
        _ => "https://south.example/cb",
    }, AuthenticationBy.Basic);

    private static string SubjectOf(ProtocolResponse tokens) => Wire.ClaimsOf(tokens.IdToken).GetProperty("sub").GetString()!;

    private static async Task<string> SilentlyAsync(Browser browser, RelyingParty client, string name, string value)
    {
        var request = client.NewRequest(change: parameters => (parameters["prompt"], parameters[name]) = ("none", value));
        var answer = request.AnswerFrom(await browser.OpenAsync(request.Url));
        return answer.GetValueOrDefault("error") ?? "code";
    }
}
