using System.Net;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>A request that somebody posts and keeps for later.</summary>
public class PlantedRequestTests
{
    [Theory, OnEachDatabase]
    public async Task A_sign_in_before_it_was_opened_does_not_answer_a_demand_to_sign_in_again(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var person = await provider.NewPersonAsync();
        using var attacker = provider.NewBrowser();
        using var victim = provider.NewBrowser();
        var request = portal.NewRequest(change: parameters => parameters["prompt"] = "login");
        var planted = await attacker.PostAsync("/connect/authorize", request.Parameters, new Uri("https://app.example/"));
        provider.Clock.Advance(TimeSpan.FromMinutes(1));
        await victim.SignInAsync(person.UserName, person.Password);
        provider.Clock.Advance(TimeSpan.FromMinutes(1));

        var page = await victim.OpenAsync(planted.Location!.AbsoluteUri);

        Assert.True(page.Has("login-submit"));
    }

    [Theory, OnEachDatabase]
    public async Task Unopened_it_is_gone_after_minutes(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        using var browser = provider.NewBrowser();
        var request = provider.RelyingParty(StandardDeclaration.Portal).NewRequest();
        var planted = await browser.PostAsync("/connect/authorize", request.Parameters, new Uri("https://app.example/"));
        provider.Clock.Advance(TimeSpan.FromMinutes(6));

        var page = await browser.OpenAsync(planted.Location!.AbsoluteUri);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
    }
}
