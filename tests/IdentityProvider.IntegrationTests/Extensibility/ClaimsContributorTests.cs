using System.Text.Json;
using IdentityProvider.Extensibility;
using IdentityProvider.IntegrationTests.TokenExchange;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Extensibility;

/// <summary>Claims that the host adds by code of its own.</summary>
public sealed class ClaimsContributorTests
{
    [Theory, OnEachDatabase]
    public async Task What_the_host_adds_is_where_it_wants_it_and_of_the_kind_it_has(TestDatabase database)
    {
        await using var host = await StartAsync(database, context => context.Target switch
        {
            ClaimsTarget.AccessToken => [new("https://example.com/departments", ["sales"]), new("https://example.com/none", []), new("plain", "text")],
            ClaimsTarget.IdToken => [new("https://example.com/level", JsonSerializer.SerializeToElement(7)), new("trusted", JsonSerializer.SerializeToElement(true))],
            _ => [new("https://example.com/desk", JsonSerializer.SerializeToElement(new { floor = 3 })), new("absent", default(JsonElement))],
        });
        var shop = host.RelyingParty(Shop);

        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid profile offline_access orders");
        var refreshed = (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();
        var userInfo = (await shop.UserInfoAsync(tokens.AccessToken)).OrFail().Json;

        foreach (var answer in new[] { tokens, refreshed })
        {
            var accessToken = Wire.ClaimsOf(answer.AccessToken);
            Assert.Equal("""["sales"]""", accessToken.GetProperty("https://example.com/departments").GetRawText());
            Assert.Equal("[]", accessToken.GetProperty("https://example.com/none").GetRawText());
            Assert.Equal("text", accessToken.GetProperty("plain").GetString());
            var idToken = Wire.ClaimsOf(answer.IdToken);
            Assert.Equal(7, idToken.GetProperty("https://example.com/level").GetInt32());
            Assert.True(idToken.GetProperty("trusted").GetBoolean());
            Assert.False(idToken.TryGetProperty("plain", out _));
        }

        Assert.Equal(3, userInfo.GetProperty("https://example.com/desk").GetProperty("floor").GetInt32());
        Assert.False(userInfo.TryGetProperty("absent", out _));
        Assert.False(userInfo.TryGetProperty("plain", out _));
    }

    [Theory, OnEachDatabase]
    public async Task It_is_told_whom_and_what_for(TestDatabase database)
    {
        var asked = new List<ClaimsContext>();
        await using var host = await StartAsync(database, context =>
        {
            lock (asked)
            {
                asked.Add(context);
            }

            return [];
        });

        await host.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid orders");
        (await host.RelyingParty(Machine).ClientCredentialsAsync("orders")).OrFail();

        var forPerson = Assert.Single(asked, context => context is { Target: ClaimsTarget.AccessToken, SubjectKind: SubjectKind.Person });
        Assert.Equal(("alice-subject", Shop, ApiResource), (forPerson.Subject, forPerson.ClientId, Assert.Single(forPerson.Audiences)));
        Assert.Equal(["openid", "orders"], forPerson.Scopes.Order(StringComparer.Ordinal));
        Assert.Empty(Assert.Single(asked, context => context.Target == ClaimsTarget.IdToken).Audiences);
        var forClient = Assert.Single(asked, context => context.SubjectKind == SubjectKind.Client);
        Assert.Equal((ClaimsTarget.AccessToken, Machine, Machine), (forClient.Target, forClient.Subject, forClient.ClientId));
    }

    [Theory, OnEachDatabase] // OpenID Connect Core §8: the server's own code knows who it is, and only that.
    public async Task An_exchanged_token_and_userinfo_ask_for_the_persons_own_subject(TestDatabase database)
    {
        var asked = new List<ClaimsContext>();
        await using var host = await StartAsync(database, context =>
        {
            lock (asked)
            {
                asked.Add(context);
            }

            return [];
        });
        await host.DeclareExchangesAsync();
        await host.ApplyAsync("""{ "clients": [{ "client_id": "front", "subject_type": "pairwise" }] }""");
        var person = await host.NewPersonAsync();
        var middle = host.Party("middle");

        var token = (await host.Party("front").SignInAsync(person, "openid first second")).AccessToken;
        var exchanged = (await middle.ExchangeTokenAsync(token, await middle.OwnTokenAsync())).OrFail().AccessToken;
        (await middle.UserInfoAsync(exchanged)).OrFail();

        Assert.NotEqual(person.Subject, Wire.ClaimsOf(exchanged).GetProperty("sub").GetString());
        Assert.All(asked.Where(context => context.SubjectKind == SubjectKind.Person), context => Assert.Equal(person.Subject, context.Subject));
        Assert.Single(asked, context => context is { ClientId: "middle", Target: ClaimsTarget.AccessToken, SubjectKind: SubjectKind.Person });
        Assert.Single(asked, context => context is { ClientId: "middle", Target: ClaimsTarget.UserInfo });
    }

    [Theory, OnEachDatabase]
    public async Task What_the_server_says_itself_stays(TestDatabase database)
    {
        await using var host = await StartAsync(database, _ => [new("name", "Somebody Else"), new("name", "Nobody")]);
        var shop = host.RelyingParty(Shop);

        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid profile");

        Assert.Equal("Alice Example", (await shop.UserInfoAsync(tokens.AccessToken)).OrFail()["name"]);
        Assert.Equal("Somebody Else", Wire.ClaimsOf(tokens.IdToken).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("aud")]
    [InlineData("scope")]
    [InlineData("client_id")]
    [InlineData("act")]
    [InlineData("cnf")]
    [InlineData("roles")]
    [InlineData("entitlements")]
    [InlineData("Roles")]
    [InlineData("role")]
    [InlineData("scp")]
    [InlineData("permissions")]
    [InlineData("email_verified")]
    [InlineData("oi_au_id")]
    public async Task A_reserved_claim_fails_the_request_and_says_whose_it_is(string name)
    {
        await using var host = await StartAsync(TestDatabase.Sqlite, _ => [new(name, "made-up")]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.RelyingParty(Machine).ClientCredentialsAsync("orders"));

        await SaidAsync(host, $"{nameof(Contributor)} returned the claim \"{name}\", which is reserved");
    }

    [Fact]
    public async Task Nobody_waits_for_it_longer_than_two_seconds()
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Services = services => services.AddScoped<IClaimsContributor, Endless>() });

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.RelyingParty(Machine).ClientCredentialsAsync("orders"));

        await SaidAsync(host, "took longer than 2 seconds");
    }

    [Fact]
    public async Task Nobody_waits_longer_for_one_that_blocks_its_thread()
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Services = services => services.AddScoped<IClaimsContributor, Blocking>() });

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.RelyingParty(Machine).ClientCredentialsAsync("orders"));

        await SaidAsync(host, "took longer than 2 seconds");
    }

    // The answer may be here before the entry in the log.
    private static Task SaidAsync(ProviderHost host, string words) =>
        Eventually.TrueAsync(() => Task.FromResult(host.Log.Errors.Any(entry => entry.Text.Contains(words, StringComparison.Ordinal))));

    private static Task<ProviderHost> StartAsync(TestDatabase database, Func<ClaimsContext, ContributedClaim[]> contribute)
    {
        Installed.Require(database);
        return ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Services = services => services.AddScoped<IClaimsContributor>(_ => new Contributor(contribute)),
        });
    }

    private sealed class Contributor(Func<ClaimsContext, ContributedClaim[]> contribute) : IClaimsContributor
    {
        public ValueTask<IReadOnlyCollection<ContributedClaim>> ContributeAsync(ClaimsContext context, CancellationToken cancellationToken) => new(contribute(context));
    }

    private sealed class Blocking : IClaimsContributor
    {
        public ValueTask<IReadOnlyCollection<ContributedClaim>> ContributeAsync(ClaimsContext context, CancellationToken cancellationToken)
        {
            cancellationToken.WaitHandle.WaitOne();
            return new([]);
        }
    }

    // It does not even look at its token.
    private sealed class Endless : IClaimsContributor
    {
        public ValueTask<IReadOnlyCollection<ContributedClaim>> ContributeAsync(ClaimsContext context, CancellationToken cancellationToken) =>
            new(new TaskCompletionSource<IReadOnlyCollection<ContributedClaim>>().Task);
    }
}
