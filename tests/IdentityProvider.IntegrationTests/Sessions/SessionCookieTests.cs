using System.Net;
using IdentityProvider.Sessions;
using Microsoft.Net.Http.Headers;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>What browsers hold of a session, and what it is worth to somebody who forges, plants or keeps one.</summary>
public sealed class SessionCookieTests(SharedProviders providers)
{
    [Theory] // RFC 6265bis §4.1.2, §4.1.3
    [InlineData("https://id.example", false)]
    [InlineData("https://id.example", true)]
    [InlineData("https://id.example/tenant", false)]
    [InlineData(null, false)]
    public async Task The_cookie_has_its_prefix_its_flags_and_no_domain(string? issuer, bool remembered)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Issuer = issuer });
        using var browser = host.NewBrowser();
        var form = await browser.OpenAsync(host.Issuer + "/login");
        Dictionary<string, string> fields = new() { ["username"] = Alice, ["password"] = AlicePassword };
        if (remembered)
        {
            fields["remember"] = "true";
        }

        var answer = await browser.PressAsync(form, "login-submit", fields);

        var name = issuer is null ? "idp.session" : "__Host-idp.session";
        var cookie = Assert.Single(SetCookieHeaderValue.ParseList([answer.Headers["Set-Cookie"]]), cookie => cookie.Name == name);
        Assert.Equal(("/", null, true, issuer is not null, SameSiteMode.Lax),
            (cookie.Path.ToString(), cookie.Domain.Value, cookie.HttpOnly, cookie.Secure, cookie.SameSite));
        Assert.Equal(remembered, cookie.Expires is not null);
        Assert.NotNull(browser.Cookies.Find(name));
    }

    [Theory, OnEachDatabase]
    public async Task Signing_in_makes_a_new_sid_and_secret_so_that_a_planted_cookie_is_worth_nothing(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var attacker = host.NewBrowser();
        await attacker.SignInAsync(Bob, BobPassword);
        var planted = attacker.Cookies.Find(SessionSteps.CookieName)!;
        using var victim = host.NewBrowser();
        victim.Cookies.Add(planted);
        var person = await host.NewPersonAsync();

        await victim.AuthorizeAsync(host.RelyingParty(Portal).NewRequest(change: parameters => parameters["prompt"] = "login"), person);

        Assert.NotEqual(planted.Value.Split('.')[0], victim.SidOf());
        Assert.False(await host.IsSignedInAsync(attacker));
        Assert.True(await host.IsSignedInAsync(victim));
        Assert.Equal(nameof(SessionEndReason.Replaced), (await host.SessionAsync(planted.Value.Split('.')[0]))!.EndReason);
    }

    [Theory, OnEachDatabase]
    public async Task The_same_person_signing_in_again_gets_another_cookie_and_the_old_one_is_dead(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        using var thief = host.NewBrowser();
        thief.Cookies.Add(browser.Cookies.Find(SessionSteps.CookieName)!);

        await browser.AuthorizeAsync(host.RelyingParty(Portal).NewRequest(change: parameters => parameters["prompt"] = "login"), person);

        Assert.True(await host.IsSignedInAsync(browser));
        Assert.False(await host.IsSignedInAsync(thief));
    }

    [Theory, OnEachDatabase]
    public async Task A_forged_cookie_is_no_session_and_no_failure(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var alice = host.NewBrowser();
        await alice.SignInAsync(Alice, AlicePassword);
        using var bob = host.NewBrowser();
        await bob.SignInAsync(Bob, BobPassword);
        var (sid, secret) = Parts(alice);
        var (other, otherSecret) = Parts(bob);
        string[] forged =
        [
            sid, sid + ".", "." + secret, ".", "..", secret + "." + sid, sid + "." + otherSecret, other + "." + secret,
            sid + "." + secret[..^1], sid + "." + secret + "A", sid + "." + secret + "." + secret, sid + "." + secret.ToUpperInvariant(),
            sid.ToUpperInvariant() + "." + secret, sid + "." + Convert.ToHexString(SessionCookie.HashOf(secret)), "'--." + secret, "%00." + secret,
            sid + "%00." + secret, new string('A', 64) + "." + new string('A', 63), new string('A', 4000), "%." + secret, "*." + secret,
        ];

        foreach (var value in forged)
        {
            using var browser = host.NewBrowser();
            browser.Cookies.Add(alice.Cookies.Find(SessionSteps.CookieName)! with { Value = value });
            Assert.False(await host.IsSignedInAsync(browser), value);
            Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/account")).Status);
        }

        Assert.True(await host.IsSignedInAsync(alice));
        Assert.True(await host.IsSignedInAsync(bob));
    }

    private static (string Sid, string Secret) Parts(Browser browser) =>
        browser.Cookies.Find(SessionSteps.CookieName)!.Value.Split('.') is [var sid, var secret] ? (sid, secret) : throw new InvalidOperationException();
}
