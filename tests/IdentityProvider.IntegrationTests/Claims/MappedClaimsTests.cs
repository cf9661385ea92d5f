using System.Text.Json;
using IdentityProvider.Extensibility;
using IdentityProvider.IntegrationTests.Declarations;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Claims;

/// <summary>Claims that are made without code, by the rows of scopes and resources.</summary>
public sealed class MappedClaimsTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task Everything_wrong_is_told_at_its_place_and_nothing_is_applied(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        var errors = await host.MustRefuseAsync(
            """
            {
              "resources": [
                { "identifier": "https://wrong-map.example", "claim_mappings": [
                  { "claim": "a", "from": "user.email", "in": ["id_token"] },
                  { "claim": "a", "from": "roles", "type": "string", "in": ["access_token"] },
                  { "claim": "b", "from": "user.email", "in": ["access_token"], "clients": ["nobody-knows-me"] }
                ] },
                { "identifier": "https://odd-map.example", "claim_mappings": [{ "claim": "b", "from": "user.email", "in": ["access_token"], "clients": ["shop", "nobody-knows-me"] }] }
              ],
              "scopes": [
                { "name": "wrong-map", "claim_mappings": [
                  { "claim": "sub", "value": "x", "in": ["userinfo"] },
                  { "claim": "Roles", "value": "x", "in": ["userinfo"] },
                  { "claim": "oi_scp", "value": "x", "in": ["userinfo"] },
                  { "claim": "a", "from": "user.shoe_size", "in": ["userinfo"] },
                  { "claim": "a", "from": "user.sub", "in": ["userinfo"] },
                  { "claim": "a", "in": ["userinfo"] },
                  { "claim": "a", "from": "user.email", "value": 1, "in": ["userinfo"] },
                  { "claim": "a", "from": "user.email" },
                  { "claim": "a", "from": "user.email", "in": ["cookie"] },
                  { "claim": "a", "from": "user.email", "in": ["userinfo"], "type": "date" },
                  { "claim": "two words", "from": "user.email", "in": ["userinfo"] },
                  { "claim": "LONG", "from": "user.email", "in": ["userinfo"] },
                  { "claim": "a", "value": "seven", "type": "number", "in": ["userinfo"] },
                  { "claim": "a", "value": [1], "in": ["userinfo"] },
                  { "claim": "a", "value": "x", "prefix": "y", "in": ["userinfo"] },
                  { "claim": "a", "from": "roles", "in": ["userinfo"] },
                  { "claim": "a", "from": "roles", "values": { "author": 7 }, "in": ["userinfo"] },
                  { "claim": "a", "from": "user.locale", "values": {}, "in": ["userinfo"] },
                  { "claim": "a", "from": "user.email", "type": "number", "prefix": "x", "in": ["userinfo"] },
                  { "claim": "email", "value": "admin@example.com", "in": ["id_token"] },
                  { "claim": "email", "from": "user.nickname", "in": ["id_token"] },
                  { "claim": "a", "form": "user.email", "in": ["userinfo"] },
                  "user.email",
                  { "claim": "c", "from": "user.email", "in": ["userinfo", "id_token"] },
                  { "claim": "C", "from": "user.name", "in": ["id_token"] },
                  { "claim": "d", "from": "user.email", "in": ["id_token"], "clients": ["shop"] },
                  { "claim": "d", "from": "user.name", "in": ["id_token"], "clients": ["portal"] }
                ] },
                { "name": "openid", "claim_mappings": [{ "claim": "a", "from": "user.email", "in": ["id_token"] }] },
                { "name": "odd-map", "claim_mappings": "user.email" }
              ]
            }
            """.Replace("LONG", new string('l', 201), StringComparison.Ordinal));

        Assert.Equal(
            [
                "resources[0].claim_mappings[0].in",
                "resources[0].claim_mappings[1].type",
                .. new[]
                {
                    "0].claim", "1].claim", "2].claim", "3].from", "4].from", "5].from", "6].from", "7].in", "8].in", "9].type", "10].claim", "11].claim",
                    "12].value", "13].value", "14].value", "15].from", "16].values.author", "17].values", "18].prefix", "19].claim", "20].claim", "21].form",
                    "22]", "24].claim",
                }.Select(place => "scopes[0].claim_mappings[" + place),
                "scopes[1].claim_mappings[0].from",
                "scopes[2].claim_mappings",
                "resources[1].claim_mappings[0].clients[1]",
            ],
            errors.Select(error => error.Split(" (")[0]));
        Assert.Contains(errors, error => error.EndsWith("The claim \"Roles\" is reserved: only the server itself says it. Give yours another name.", StringComparison.Ordinal));
        Assert.False((await host.ScopesAsync()).Contains("wrong-map"));
    }

    [Theory, OnEachDatabase]
    public async Task Two_scopes_that_one_token_may_have_do_not_make_the_same_claim(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync(
            """
            {
              "resources": [{ "identifier": "https://clash-a.example" }, { "identifier": "https://clash-b.example" }],
              "scopes": [
                { "name": "clash-a", "resources": ["https://clash-a.example"], "claim_mappings": [{ "claim": "clash", "value": 1, "in": ["access_token"] }] },
                { "name": "clash-b", "resources": ["https://clash-b.example"], "claim_mappings": [{ "claim": "clash", "value": 2, "in": ["access_token"] }] }
              ]
            }
            """);

        var both = await host.MustRefuseAsync("""{ "scopes": [{ "name": "clash-c", "claim_mappings": [{ "claim": "other", "value": 3, "in": ["id_token"] }, { "claim": "clash", "value": 3, "in": ["access_token"] }] }] }""");
        var own = await host.MustRefuseAsync("""{ "resources": [{ "identifier": "https://clash-a.example", "claim_mappings": [{ "claim": "clash", "value": 3, "in": ["access_token"] }] }] }""");

        Assert.All(both, error => Assert.StartsWith("scopes[0].claim_mappings[1].claim (clash-c): clash-", error, StringComparison.Ordinal));
        Assert.StartsWith("resources[0].claim_mappings[0].claim (https://clash-a.example): clash-a makes the claim", Assert.Single(own), StringComparison.Ordinal);
        await host.ApplyAsync("""{ "scopes": [{ "name": "clash-a", "claim_mappings": null }, { "name": "clash-b", "claim_mappings": null }] }""");
    }

    [Theory, OnEachDatabase]
    public async Task What_is_mapped_is_where_it_is_wanted_and_of_its_type(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);
        var person = await host.NewMappedPersonAsync("""["map-writer"]""");

        var tokens = await host.Party("map-app").SignInAsync(person, "openid map-me map-read");
        var access = Wire.ClaimsOf(tokens.AccessToken);
        var id = Wire.ClaimsOf(tokens.IdToken);
        var userInfo = (await host.Party("map-app").UserInfoAsync(tokens.AccessToken)).OrFail().Json;
        var introspected = (await host.Party("map-api").IntrospectAsync(tokens.AccessToken)).OrFail().Json;

        Assert.Equal("""{"region":"eu"}""", access.GetProperty("https://example.com/deployment").GetRawText());
        Assert.Equal("""["role:map-reader","role:map-writer"]""", access.GetProperty("api_roles").GetRawText());
        Assert.Equal("de", access.GetProperty("country").GetString());
        Assert.Equal("map-app", access.GetProperty("made_for").GetString());
        Assert.False(access.TryGetProperty("level", out _));
        Assert.Equal("Editor", id.GetProperty("grafana").GetString());
        Assert.Equal(42, id.GetProperty("level").GetInt32());
        Assert.True(id.GetProperty("grown_up").GetBoolean());
        Assert.Equal("""["map-crew"]""", id.GetProperty("teams").GetRawText());
        Assert.False(id.TryGetProperty("country", out _));
        Assert.Equal("""{"shoe":44}""", userInfo.GetProperty("extra").GetRawText());
        Assert.Equal("""["role:map-reader","role:map-writer"]""", introspected.GetProperty("api_roles").GetRawText());
        Assert.False(introspected.TryGetProperty("made_for", out _));
        // The client that holds the token is no API.
        Assert.False((await host.Party("map-app").IntrospectAsync(tokens.AccessToken)).OrFail().Json.TryGetProperty("api_roles", out _));
    }

    [Theory, OnEachDatabase] // What was not granted is not told, another API reads nothing that is not its own, and neither does a token for two.
    public async Task Nothing_is_told_beyond_the_scope_the_API_and_the_client(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);
        var person = await host.NewMappedPersonAsync("""["map-writer"]""");
        var app = host.Party("map-app");

        var bare = await app.SignInAsync(person, "openid map-read");
        var two = await app.SignInAsync(person, "openid map-read map-other");
        var other = await host.Party("map-spare").SignInAsync(person, "openid map-me map-read");

        Assert.False(Wire.ClaimsOf(bare.IdToken).TryGetProperty("grafana", out _));
        Assert.False((await app.UserInfoAsync(bare.AccessToken)).OrFail().Json.TryGetProperty("extra", out _));
        foreach (var claim in new[] { "https://example.com/deployment", "api_roles", "country" })
        {
            Assert.False(Wire.ClaimsOf(two.AccessToken).TryGetProperty(claim, out _), claim);
        }

        Assert.False(Wire.ClaimsOf(other.IdToken).TryGetProperty("teams", out _));
        Assert.True((await host.Party("map-api").IntrospectAsync(two.AccessToken)).OrFail().Json.TryGetProperty("api_roles", out _));
        Assert.False((await host.Party("map-other-api").IntrospectAsync(two.AccessToken)).OrFail().Json.TryGetProperty("api_roles", out _));
    }

    [Theory, OnEachDatabase] // OpenID Connect Core §8
    public async Task A_pairwise_client_hears_the_same_under_its_own_subject(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);
        var person = await host.NewMappedPersonAsync("""["map-writer"]""");

        var tokens = await host.Party("map-pairwise").SignInAsync(person, "openid map-me map-read");

        Assert.NotEqual(person.Subject, Wire.ClaimsOf(tokens.AccessToken).GetProperty("sub").GetString());
        Assert.Equal("Editor", Wire.ClaimsOf(tokens.IdToken).GetProperty("grafana").GetString());
        Assert.DoesNotContain(person.Subject, Wire.ClaimsOf(tokens.IdToken).GetRawText() + Wire.ClaimsOf(tokens.AccessToken).GetRawText(), StringComparison.Ordinal);
        var introspected = (await host.Party("map-api").IntrospectAsync(tokens.AccessToken)).OrFail().Json;
        Assert.Equal("de", introspected.GetProperty("country").GetString());
        Assert.Equal("""["role:map-reader","role:map-writer"]""", introspected.GetProperty("api_roles").GetRawText());
    }

    [Theory, OnEachDatabase]
    public async Task A_machine_has_constants_its_own_properties_and_roles_and_nothing_of_a_person(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);

        var token = (await host.Party("map-robot").ClientCredentialsAsync("map-read")).OrFail().AccessToken;
        var access = Wire.ClaimsOf(token);

        Assert.Equal("""{"region":"eu"}""", access.GetProperty("https://example.com/deployment").GetRawText());
        Assert.Equal("""["role:map-reader"]""", access.GetProperty("api_roles").GetRawText());
        Assert.Equal("Robot No. 1", access.GetProperty("made_for").GetString());
        Assert.False(access.TryGetProperty("country", out _));
        Assert.Equal("""["role:map-reader"]""", (await host.Party("map-api").IntrospectAsync(token)).OrFail().Json.GetProperty("api_roles").GetRawText());
    }

    [Theory, OnEachDatabase]
    public async Task What_the_source_has_not_or_of_another_type_is_no_claim_and_no_error(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);
        var person = await host.NewPersonAsync();
        await host.ApplyAsync($$$"""{ "users": [{ "username": "{{{person.UserName}}}", "nickname": "many", "website": "{ not JSON", "gender": "perhaps" }] }""");

        var tokens = await host.Party("map-app").SignInAsync(person, "openid map-me map-read");
        var id = Wire.ClaimsOf(tokens.IdToken);

        Assert.All(new[] { "level", "grown_up", "teams", "grafana" }, claim => Assert.False(id.TryGetProperty(claim, out _), claim));
        Assert.False(Wire.ClaimsOf(tokens.AccessToken).TryGetProperty("country", out _));
        Assert.False((await host.Party("map-app").UserInfoAsync(tokens.AccessToken)).OrFail().Json.TryGetProperty("extra", out _));
    }

    [Theory, OnEachDatabase]
    public async Task Pruning_and_leaving_out_take_a_mapping_away_and_the_next_token_knows(TestDatabase database)
    {
        Installed.Require(database);
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        const string Declared = """{ "scopes": [{ "name": "gone", "claim_mappings": [{ "claim": "here", "value": true, "in": ["id_token"] }] }] }""";
        await host.MustDeclareAsync(Declared);
        Assert.Equal(0, (await host.MustDeclareAsync(Declared)).Changed);
        Assert.True((await host.ScopesAsync()).MapsClaims);

        await host.MustDeclareAsync("""{ "scopes": [{ "name": "gone", "description": "Stays" }] }""");
        Assert.Single((await host.ScopesAsync()).Scopes["gone"].Mappings);
        await host.MustDeclareAsync("""{ "scopes": [{ "name": "gone", "claim_mappings": [] }] }""");
        Assert.False((await host.ScopesAsync()).MapsClaims);
        await host.MustDeclareAsync(Declared);
        await host.MustDeclareAsync("{}", prune: true);

        Assert.False((await host.ScopesAsync()).Contains("gone"));
    }

    [Theory, OnEachDatabase]
    public async Task Another_node_maps_what_this_one_was_told_to(TestDatabase database)
    {
        Installed.Require(database);
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var second = await host.StartSecondNodeAsync();
        var machine = second.RelyingParty(StandardDeclaration.Machine);
        Assert.False(Wire.ClaimsOf((await machine.ClientCredentialsAsync("orders")).OrFail().AccessToken).TryGetProperty("region", out _));

        await host.ApplyAsync("""{ "scopes": [{ "name": "orders", "claim_mappings": [{ "claim": "region", "value": "eu", "in": ["access_token"] }] }] }""");

        Assert.True(await DeclarationSteps.WithinAsync(TimeSpan.FromSeconds(20), async () =>
            Wire.ClaimsOf((await machine.ClientCredentialsAsync("orders")).OrFail().AccessToken).TryGetProperty("region", out _)));
    }

    [Theory, OnEachDatabase]
    public async Task What_costs_a_command_does_so_once_for_all_tokens_and_only_where_it_applies(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);
        var person = await host.NewMappedPersonAsync("""["map-writer"]""");
        var app = host.Party("map-app");

        Task<ProtocolResponse> Once(string scope) => app.SignInAsync(person, scope);
        var without = (await CheapestAsync(() => Once("openid map-other"))).Count;
        var constants = (await CheapestAsync(() => host.Party("map-robot").ClientCredentialsAsync("map-other"))).Count;
        var mapped = await CheapestAsync(() => Once("openid map-me map-other"));

        Assert.True(constants <= 1, $"{constants} commands");
        // The person's row, for level and grown_up; the names of roles and groups, for grafana and teams.
        Assert.True(mapped.Count == without + 2, string.Join("\n--\n", mapped));
    }

    [Theory, OnEachDatabase]
    public async Task The_hosts_own_code_goes_before_a_mapping(TestDatabase database)
    {
        Installed.Require(database);
        await using var host = await ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Services = services => services.AddSingleton<IClaimsContributor, Own>(),
        });
        await host.ApplyAsync("""{ "scopes": [{ "name": "orders", "claim_mappings": [{ "claim": "both", "value": "row", "in": ["access_token"] }, { "claim": "one", "value": "row", "in": ["access_token"] }] }] }""");

        var access = Wire.ClaimsOf((await host.RelyingParty(StandardDeclaration.Machine).ClientCredentialsAsync("orders")).OrFail().AccessToken);

        Assert.Equal(("code", "row"), (access.GetProperty("both").GetString(), access.GetProperty("one").GetString()));
    }

    private static async Task<IReadOnlyCollection<string>> CheapestAsync(Func<Task<ProtocolResponse>> send)
    {
        var answers = new[] { await send(), await send(), await send() };
        return answers.Select(answer => answer.OrFail().Sql).OrderBy(sql => sql.Count).First();
    }

    private sealed class Own : IClaimsContributor
    {
        public ValueTask<IReadOnlyCollection<ContributedClaim>> ContributeAsync(ClaimsContext context, CancellationToken cancellationToken) => new([new("both", "code")]);
    }
}
