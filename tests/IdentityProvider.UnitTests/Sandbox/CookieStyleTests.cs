using IdentityProvider.Sandbox;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace IdentityProvider.UnitTests.Sandbox;

public sealed class CookieStyleTests
{
    [Fact]
    public void On_https_a_cookie_is_bound_to_its_host_and_never_sent_in_the_clear()
    {
        var cookie = Styled("https://shop.example");

        Assert.Equal("__Host-app.session", cookie.Name);
        Assert.Equal(CookieSecurePolicy.Always, cookie.SecurePolicy);
        Assert.Equal("/", cookie.Path);
        Assert.Null(cookie.Domain);
        Assert.Equal(SameSiteMode.Lax, cookie.SameSite);
        Assert.True(cookie.HttpOnly);
    }

    [Fact]
    public void On_plain_http_a_cookie_is_one_that_browsers_keep()
    {
        var cookie = Styled("http://localhost:5081");

        Assert.Equal("app.session", cookie.Name);
        Assert.Equal(CookieSecurePolicy.SameAsRequest, cookie.SecurePolicy);
        Assert.Equal(SameSiteMode.Lax, cookie.SameSite);
        Assert.True(cookie.HttpOnly);
    }

    private static CookieBuilder Styled(string address)
    {
        var cookie = new CookieBuilder { Domain = "example", SameSite = SameSiteMode.None };
        new CookieStyle("app", address).Apply(cookie, "session");
        return cookie;
    }
}
