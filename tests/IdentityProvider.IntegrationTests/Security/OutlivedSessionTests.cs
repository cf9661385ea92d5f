using IdentityProvider.Sessions;
using IdentityProvider.Testing;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>A grant with offline access outlives a logout, but not what is meant to shut everybody out.</summary>
public class OutlivedSessionTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task A_new_password_also_ends_grants_whose_session_had_ended_before(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var (shop, person, refreshToken) = await SignedOutWithOfflineAccessAsync(provider);

        await using var scope = provider.Services.CreateAsyncScope();
        Assert.IsType<PasswordChangeOutcome.Changed>(await scope.ServiceProvider.GetRequiredService<PasswordChange>()
            .ChangeAsync(person.Subject, "a-new-password-after-a-theft", CancellationToken.None));

        Assert.Equal("invalid_grant", (await shop.RefreshAsync(refreshToken)).Error);
    }

    [Theory, OnEachDatabase]
    public async Task An_account_enabled_again_gets_none_of_its_old_grants_back(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var (shop, person, refreshToken) = await SignedOutWithOfflineAccessAsync(provider);

        await using var scope = provider.Services.CreateAsyncScope();
        var status = scope.ServiceProvider.GetRequiredService<AccountStatus>();
        Assert.True(await status.DisableAsync(person.Subject, CancellationToken.None));
        Assert.True(await status.EnableAsync(person.Subject, CancellationToken.None));

        Assert.Equal("invalid_grant", (await shop.RefreshAsync(refreshToken)).Error);
    }

    [Theory, OnEachDatabase] // Hashing takes long enough for the account to change between the proof and the session.
    public async Task What_was_proved_before_the_account_changed_signs_nobody_in(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var (_, changed, _) = await SignedOutWithOfflineAccessAsync(provider);
        var (_, disabled, _) = await SignedOutWithOfflineAccessAsync(provider);
        await using var scope = provider.Services.CreateAsyncScope();
        var passwords = scope.ServiceProvider.GetRequiredService<PasswordCheck>();
        var proofs = new[]
        {
            Assert.IsType<PasswordProof.Proved>(await passwords.VerifyAsync(changed.UserName, changed.Password, CancellationToken.None)),
            Assert.IsType<PasswordProof.Proved>(await passwords.VerifyAsync(disabled.UserName, disabled.Password, CancellationToken.None)),
        };

        await scope.ServiceProvider.GetRequiredService<PasswordChange>().ChangeAsync(changed.Subject, "a-new-password-after-a-theft", CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<AccountStatus>().DisableAsync(disabled.Subject, CancellationToken.None);

        foreach (var proof in proofs)
        {
            var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
            Assert.Null(await scope.ServiceProvider.GetRequiredService<NewSessions>()
                .StartAsync(http, proof.User, ["pwd"], persistent: false, CancellationToken.None));
            Assert.Equal(0, http.Response.Headers.SetCookie.Count);
        }
    }

    private static async Task<(RelyingParty Shop, TestPerson Person, string RefreshToken)> SignedOutWithOfflineAccessAsync(ProviderHost provider)
    {
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var tokens = await shop.SignInAsync(browser, person, "openid offline_access");
        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");
        return (shop, person, (await shop.RefreshAsync(tokens.RefreshToken)).OrFail().RefreshToken);
    }
}
