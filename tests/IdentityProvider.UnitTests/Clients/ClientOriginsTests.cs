using IdentityProvider.Clients;

namespace IdentityProvider.UnitTests.Clients;

public class ClientOriginsTests
{
    [Theory] // RFC 6454 §6.1: as a browser writes it in the Origin header.
    [InlineData("https://app.example/callback", "https://app.example")]
    [InlineData("https://app.example:443/callback", "https://app.example")]
    [InlineData("https://APP.example:8443/callback?x=1", "https://app.example:8443")]
    [InlineData("http://localhost:5081/cb", "http://localhost:5081")]
    [InlineData("http://[::1]:5081/cb", "http://[::1]:5081")]
    public void An_address_has_the_origin_that_a_browser_sends(string address, string origin)
    {
        Assert.Equal([origin], ClientOrigins.Of([address]));
    }

    [Fact]
    public void A_scheme_of_an_app_has_no_origin()
    {
        Assert.Empty(ClientOrigins.Of(["com.example.app:/callback", "/relative"]));
    }
}
