using IdentityProvider.Configuration;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace IdentityProvider.UnitTests.Protocol;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("https://login.example.com", "/login", "", "/login")]
    [InlineData("https://login.example.com:8443", "/login", "", "/login")]
    [InlineData("https://example.com/idp", "/idp/login", "/idp", "/login")] // a proxy that keeps the path
    [InlineData("https://example.com/idp", "/login", "/idp", "/login")]     // a proxy that strips it
    [InlineData("https://example.com/idp", "/idp", "/idp", "")]
    [InlineData("https://example.com/idp", "/idpx/login", "/idp", "/idpx/login")]
    public async Task A_request_looks_as_the_public_sees_it_whatever_it_says_itself(string issuer, string path, string expectedBase, string expectedPath)
    {
        var http = new DefaultHttpContext();
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("evil.example");
        http.Request.Path = path;

        await new PublicAddress(_ => Task.CompletedTask, IssuerOf(issuer)).InvokeAsync(http);

        Assert.Equal(new Uri(issuer).GetLeftPart(UriPartial.Authority), $"{http.Request.Scheme}://{http.Request.Host}");
        Assert.Equal(expectedBase, http.Request.PathBase.Value);
        Assert.Equal(expectedPath, http.Request.Path.Value);
    }

    [Fact]
    public void Cookies_are_held_to_this_host_on_https_and_survive_plain_http()
    {
        var secure = new CookieNames(IssuerOf("https://example.com/idp"));
        var plain = new CookieNames(IssuerOf("http://localhost:5000"));

        Assert.Equal("__Host-idp.session", secure.For("session"));
        Assert.True(secure.Options() is { Secure: true, HttpOnly: true, Path: "/", Domain: null, SameSite: SameSiteMode.Lax });
        Assert.Equal("idp.session", plain.For("session"));
        Assert.True(plain.Options() is { Secure: false, HttpOnly: true, Path: "/", SameSite: SameSiteMode.Lax });
    }

    private static Issuer IssuerOf(string value) => new(Options.Create(new ProviderOptions { Issuer = value }));
}
