using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.UnitTests.Protocol;

public sealed class ContentSecurityTests
{
    [Fact]
    public void A_page_may_name_where_its_forms_end()
    {
        var http = new DefaultHttpContext();

        http.AllowFormAction(["https://app.example"]);
        http.AllowFormAction(["com.example.app:", "https://app.example"]);

        Assert.Contains("form-action 'self' https://app.example com.example.app:;", ContentSecurity.PolicyFor(http), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://app.example; script-src *")]
    [InlineData("https://app.example, default-src *")]
    [InlineData("https://a.example https://b.example")]
    [InlineData("'unsafe-inline'")]
    [InlineData("https://app.example\r\nX: y")]
    [InlineData("")]
    public void What_is_not_one_source_writes_nothing_into_the_policy(string source)
    {
        var http = new DefaultHttpContext();

        http.AllowFormAction([source]);

        Assert.Equal(ContentSecurity.PolicyFor(new DefaultHttpContext()), ContentSecurity.PolicyFor(http));
    }
}
