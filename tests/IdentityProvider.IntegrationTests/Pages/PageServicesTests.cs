using System.Net;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityProvider.IntegrationTests.Pages;

public class PageServicesTests(SharedProviders providers)
{
    [Fact]
    public async Task The_server_has_none_of_what_only_pages_need()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        Assert.Null(provider.Services.GetService<IActionDescriptorCollectionProvider>());
    }

    [Fact]
    public async Task A_program_with_pages_of_its_own_shows_ours_as_they_are()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Services = services => services.AddControllersWithViews() });
        using var browser = provider.NewBrowser();

        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/login")).Status);
        Assert.Equal("/login", (await browser.OpenAsync("/account")).Url.AbsolutePath);
    }
}
