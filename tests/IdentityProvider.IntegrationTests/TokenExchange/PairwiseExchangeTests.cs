using System.Net;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.IntegrationTests.TokenExchange.Exchanges;

namespace IdentityProvider.IntegrationTests.TokenExchange;

/// <summary>Exchanges of tokens whose client knows people by pairwise subjects (OpenID Connect Core §8), and of tokens with claims asked for by name.</summary>
public sealed class PairwiseExchangeTests
{
    private const string Clients = """
        {
          "clients": [{
            "client_id": "front", "client_secret": "exchange-secret-0000000000000000000000000000", "subject_type": "pairwise",
            "redirect_uris": ["https://app.example/callback"], "scope": "openid profile offline_access first second", "first_party": true
          }]
        }
        """;

    [Theory, OnEachDatabase]
    public async Task The_next_API_knows_the_person_by_the_name_the_token_had_and_we_know_who_it_is(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        await host.ApplyAsync(Clients);
        var person = await host.NewPersonAsync();
        var middle = host.Party("middle");
        var token = (await host.Party("front").SignInAsync(person, "openid first second")).AccessToken;
        var pairwise = Wire.ClaimsOf(token).GetProperty("sub").GetString();

        var exchanged = (await middle.ExchangeTokenAsync(token, await middle.OwnTokenAsync())).OrFail().AccessToken;

        Assert.NotEqual(person.Subject, pairwise);
        Assert.Equal(pairwise, Wire.ClaimsOf(exchanged).GetProperty("sub").GetString());
        Assert.Equal(pairwise, (await middle.UserInfoAsync(exchanged)).OrFail()["sub"]);
        await host.Services.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        await using var scope = host.Services.CreateAsyncScope();
        var events = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>().Where(row => row.ClientId == "middle").ToListAsync();
        Assert.Equal(person.Subject, Assert.Single(events, row => row.Type == AuditEventType.TokenExchanged).Subject);
        Assert.DoesNotContain(events, row => row.Subject == pairwise);
    }

    [Theory, OnEachDatabase]
    public async Task A_person_who_is_shut_out_is_shut_out_under_every_name(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        await host.ApplyAsync(Clients);
        var person = await host.NewPersonAsync();
        var middle = host.Party("middle");
        var token = (await host.Party("front").SignInAsync(person, "openid first")).AccessToken;
        var exchanged = (await middle.ExchangeTokenAsync(token, await middle.OwnTokenAsync())).OrFail().AccessToken;
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AccountStatus>().DisableAsync(person.Subject, CancellationToken.None);
        }

        var again = await middle.ExchangeTokenAsync(token, await middle.OwnTokenAsync());

        Assert.Equal("invalid_request", again.Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await middle.UserInfoAsync(exchanged)).Status);
    }

    [Theory, OnEachDatabase] // OpenID Connect Core §5.5: consent was given to the client that asked
    public async Task What_one_client_asked_for_by_name_another_one_does_not_get(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var middle = host.Party("middle");
        var front = host.Party("front");
        var tokens = await front.SignInAsync(
            await host.NewPersonAsync(), "openid first", parameters => parameters["claims"] = """{"userinfo":{"given_name":null}}""");

        var exchanged = (await middle.ExchangeTokenAsync(tokens.AccessToken, await middle.OwnTokenAsync())).OrFail().AccessToken;

        Assert.Equal("Pat", (await front.UserInfoAsync(tokens.AccessToken)).OrFail()["given_name"]);
        Assert.Null((await middle.UserInfoAsync(exchanged)).OrFail().Find("given_name"));
    }
}
