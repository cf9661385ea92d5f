using IdentityProvider.Clients;

namespace IdentityProvider.UnitTests.Clients;

public class RedirectUriRulesTests
{
    [Theory]
    [InlineData("https://app.example/callback")]
    [InlineData("https://app.example/callback?tenant=a")]
    [InlineData("https://app.example:8443/")]
    [InlineData("http://localhost:5081/signin-oidc")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("http://[::1]:4000/callback")]
    public void A_web_client_may_use_https_and_http_on_loopback(string uri)
    {
        Assert.Null(RedirectUriRules.FaultOf(uri, isNative: false, isDevelopment: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/callback")]
    [InlineData("//app.example/callback")]
    [InlineData("callback")]
    [InlineData("https:///callback")]
    [InlineData("https://app.example/callback#")] // RFC 6749 §3.1.2
    [InlineData("https://app.example/callback#part")]
    [InlineData("https://*.app.example/callback")]
    [InlineData("https://app.example/*")]
    [InlineData("https://user:password@app.example/")]
    [InlineData("https://app.example/ callback")]
    [InlineData("https://app.example\\callback")]
    [InlineData("https://app.example/\tcallback")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://app.example/callback?iss=https://evil.example")] // RFC 9207
    [InlineData("http://app.example/callback")]
    [InlineData("http://10.0.0.1/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,hello")]
    [InlineData("file:///etc/passwd")]
    [InlineData("vbscript:x")]
    [InlineData("com.example.app:/callback")]
    public void A_web_client_may_not_use(string uri)
    {
        Assert.NotNull(RedirectUriRules.FaultOf(uri, isNative: false, isDevelopment: false));
    }

    [Fact]
    public void Plain_http_elsewhere_is_for_development()
    {
        Assert.Null(RedirectUriRules.FaultOf("http://app.test/callback", isNative: false, isDevelopment: true));
    }

    [Theory] // RFC 8252 §7
    [InlineData("com.example.app:/callback")]
    [InlineData("com.example.app://callback")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("https://app.example/claimed")]
    public void A_native_client_may_also_use_a_scheme_of_its_own(string uri)
    {
        Assert.Null(RedirectUriRules.FaultOf(uri, isNative: true, isDevelopment: false));
    }

    [Theory] // RFC 8252 §8.4
    [InlineData("myapp://callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,hello")]
    [InlineData("file:///etc/passwd")]
    public void A_native_client_may_not_use_a_scheme_that_is_no_reversed_domain_name(string uri)
    {
        Assert.NotNull(RedirectUriRules.FaultOf(uri, isNative: true, isDevelopment: true));
    }
}
