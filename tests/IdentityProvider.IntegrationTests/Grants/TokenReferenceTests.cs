using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Data;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityProvider.IntegrationTests.Grants;

/// <summary>What a code or refresh token is to whoever holds it: the name of a row and a secret.</summary>
public class TokenReferenceTests(SharedProviders providers)
{
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    [Theory, OnEachDatabase]
    public async Task Whoever_knows_the_id_of_a_refresh_token_and_not_its_secret_is_a_stranger(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(StandardDeclaration.Shop);
        var used = await shop.SignInAsync(StandardDeclaration.Alice, StandardDeclaration.AlicePassword, "openid offline_access");
        var usable = (await shop.RefreshAsync(used.RefreshToken)).OrFail();
        var unknown = TokenReference.New(Guid.CreateVersion7());

        foreach (var guess in new[] { WithAnotherSecret(usable.RefreshToken), WithAnotherSecret(used.RefreshToken) })
        {
            await AnswersAreEqualAsync(shop, guess, unknown);
        }

        // Nothing ended, nothing was used up.
        (await shop.UserInfoAsync(usable.AccessToken)).OrFail();
        (await shop.RefreshAsync(usable.RefreshToken)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task Whoever_knows_the_id_of_a_code_and_not_its_secret_is_a_stranger(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var browser = provider.NewBrowser();
        var request = shop.NewRequest();
        var code = request.CodeFrom(await browser.AuthorizeAsync(request, await provider.NewPersonAsync()));

        var unknown = await shop.ExchangeAsync(TokenReference.New(Guid.CreateVersion7()), request);
        var guessed = await shop.ExchangeAsync(WithAnotherSecret(code), request);

        Assert.Equal(("invalid_grant", unknown.Body), (guessed.Error, guessed.Body));
        var tokens = (await shop.ExchangeAsync(code, request)).OrFail();
        Assert.Equal(unknown.Body, (await shop.ExchangeAsync(WithAnotherSecret(code), request)).Body);
        (await shop.UserInfoAsync(tokens.AccessToken)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task What_is_written_in_another_way_is_unknown(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(StandardDeclaration.Shop);
        var tokens = await shop.SignInAsync(StandardDeclaration.Alice, StandardDeclaration.AlicePassword, "openid offline_access");
        var good = tokens.RefreshToken;
        var unknown = TokenReference.New(Guid.CreateVersion7());

        foreach (var text in new[]
        {
            "A", good[..^1], good[..43], good + "A", good + "==", good[..32] + "." + good[32..], good.Replace(good[5], '+'), good.Replace(good[5], 'é'),
            good[..^1] + "=", good[..^2] + "\U0001F511", new string('A', 43), new string('A', 64), new string('-', 64),
            new string('A', 20_000), good + good, good.ToLowerInvariant(),
        })
        {
            await AnswersAreEqualAsync(shop, text, unknown);
        }

        (await shop.RefreshAsync(good)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task Whoever_reads_the_content_of_a_refresh_token_in_the_database_cannot_present_it(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var tokens = await shop.SignInAsync(await provider.NewPersonAsync(), "openid offline_access");
        await using var scope = provider.Services.CreateAsyncScope();
        var id = TokenReference.ReadId(tokens.RefreshToken);
        var row = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Token>().AsNoTracking().SingleAsync(token => token.Id == id);

        Assert.Equal("invalid_grant", (await shop.RefreshAsync(Base64Url.EncodeToString(row.Content!))).Error);

        (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task What_an_earlier_version_handed_out_is_still_good_and_used_once(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var browser = provider.NewBrowser();
        var request = shop.NewRequest("openid offline_access");
        var code = await AsBeforeAsync(provider, request.CodeFrom(await browser.AuthorizeAsync(request, await provider.NewPersonAsync())));
        var first = await AsBeforeAsync(provider, (await shop.ExchangeAsync(code, request)).OrFail().RefreshToken);

        Assert.Equal("True", (await shop.IntrospectAsync(first)).OrFail()["active"]);
        var second = (await shop.RefreshAsync(first)).OrFail();
        Assert.Equal(64, second.RefreshToken.Length);
        Assert.Equal(second.RefreshToken, (await shop.RefreshAsync(first)).OrFail().RefreshToken);
        var third = (await shop.RefreshAsync(second.RefreshToken)).OrFail();

        provider.Clock.Advance(Leeway * 2);
        Assert.Equal("invalid_grant", (await shop.RefreshAsync(first)).Error);
        Assert.Equal("invalid_grant", (await shop.RefreshAsync(third.RefreshToken)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.UserInfoAsync(third.AccessToken)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task What_an_earlier_version_handed_out_can_be_revoked(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var tokens = await shop.SignInAsync(await provider.NewPersonAsync(), "openid offline_access");
        var former = await AsBeforeAsync(provider, tokens.RefreshToken);

        Assert.Equal(HttpStatusCode.OK, (await shop.RevokeAsync(former)).Status);

        Assert.Equal("invalid_grant", (await shop.RefreshAsync(former)).Error);
    }

    [Theory, OnEachDatabase]
    public async Task Whatever_a_refresh_gets_while_its_grant_is_revoked_is_revoked_with_it(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var first = await shop.SignInAsync(await provider.NewPersonAsync(), "openid offline_access");

        var revocation = shop.RevokeAsync(first.RefreshToken);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shop.RefreshAsync(first.RefreshToken)));
        Assert.Equal(HttpStatusCode.OK, (await revocation).Status);

        foreach (var answer in answers.Where(answer => answer.Succeeded))
        {
            Assert.Equal("invalid_grant", (await shop.RefreshAsync(answer.RefreshToken)).Error);
            Assert.Equal(HttpStatusCode.Unauthorized, (await shop.UserInfoAsync(answer.AccessToken)).Status);
        }

        Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal("invalid_grant", answer.Error));
        Assert.Equal("invalid_grant", (await shop.RefreshAsync(first.RefreshToken)).Error);
    }

    [Theory, OnEachDatabase]
    public async Task The_row_holds_the_hash_of_what_was_handed_out_and_no_index_does(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var tokens = await provider.RelyingParty(StandardDeclaration.Shop).SignInAsync(await provider.NewPersonAsync());

        await using var scope = provider.Services.CreateAsyncScope();
        var id = TokenReference.ReadId(tokens.RefreshToken);
        var row = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Token>().SingleAsync(token => token.Id == id);

        Assert.Null(row.ReferenceId);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(tokens.RefreshToken)), row.SecretHash);
    }

    private static async Task AnswersAreEqualAsync(RelyingParty client, string presented, string unknown)
    {
        foreach (var ask in new Func<string, Task<ProtocolResponse>>[]
            { token => client.RefreshAsync(token), client.IntrospectAsync, token => client.RevokeAsync(token) })
        {
            var (answer, expected) = (await ask(presented), await ask(unknown));
            Assert.True((expected.Status, expected.Body) == (answer.Status, answer.Body), $"'{presented}' was answered {answer}");
        }
    }

    private static string WithAnotherSecret(string reference) => TokenReference.New(TokenReference.ReadId(reference)!.Value);

    // Makes of a row what an earlier version would have written: 256 random bits, found by the text of their hash.
    private static async Task<string> AsBeforeAsync(ProviderHost provider, string reference)
    {
        var former = Wire.RandomText(32);
        Assert.Equal(43, former.Length);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(former)));
        var id = TokenReference.ReadId(reference);
        await using var scope = provider.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Token>().Where(token => token.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.ReferenceId, hash).SetProperty(token => token.SecretHash, (byte[]?)null));
        return former;
    }
}
