using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>What no honest sender sends is refused in words of the protocol, and never fails inside (the fixture fails a test on any 500).</summary>
public class HostileRequestTests(SharedProviders providers)
{
    [Theory]
    [OnEachDatabase("/connect/authorize?client_id=%00&response_type=code&redirect_uri=x")]
    [OnEachDatabase("/connect/authorize?client_id=%00&request_uri=urn:ietf:params:oauth:request_uri:%00")]
    [OnEachDatabase("/connect/logout?client_id=%00&id_token_hint=%00&post_logout_redirect_uri=%00")]
    public async Task A_null_character_in_an_address_is_no_client(TestDatabase database, string address)
    {
        var provider = await providers.OnAsync(database);

        using var response = await provider.Http.GetAsync(address);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [OnEachDatabase("%00.x")]
    [OnEachDatabase("x.%00")]
    [OnEachDatabase("%EF%BF%BE.x")]
    public async Task A_null_character_in_a_session_cookie_is_no_session(TestDatabase database, string value)
    {
        var provider = await providers.OnAsync(database);
        using var request = new HttpRequestMessage(HttpMethod.Get, "account");
        request.Headers.Add("Cookie", "idp.session=" + value);

        using var response = await provider.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
    }

    [Theory, OnEachDatabase]
    public async Task A_null_character_in_a_name_of_a_client_is_no_client(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        using var request = new HttpRequestMessage(HttpMethod.Post, "connect/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("%00:%00")));

        var response = await ProtocolResponse.ReadAsync(await provider.Http.SendAsync(request));

        Assert.Equal("invalid_client", response.Error);
    }

    [Theory]
    [OnEachDatabase("client_id")]
    [OnEachDatabase("redirect_uri")]
    [OnEachDatabase("scope")]
    [OnEachDatabase("resource")]
    [OnEachDatabase("prompt")]
    [OnEachDatabase("code_challenge")]
    [OnEachDatabase("id_token_hint")]
    [OnEachDatabase("state")]
    [OnEachDatabase("login_hint")]
    public async Task A_null_character_in_a_pushed_request_is_refused_or_kept(TestDatabase database, string parameter)
    {
        var provider = await providers.OnAsync(database);
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var request = portal.NewRequest(change: parameters => parameters[parameter] = "\0\uFFFE");

        var pushed = await portal.PostAsync("connect/par", new(request.Parameters));

        if (pushed.Status == HttpStatusCode.Created)
        {
            using var browser = provider.NewBrowser();
            var page = await browser.OpenAsync($"/connect/authorize?client_id={portal.ClientId}&request_uri={Uri.EscapeDataString(pushed["request_uri"])}");
            Assert.True(page.Has("login-submit"));
            return;
        }

        Assert.InRange((int)pushed.Status, 400, 401);
        Assert.NotNull(pushed.Error);
    }

    [Theory]
    [InlineData("/connect/token")]
    [InlineData("/connect/par")]
    [InlineData("/connect/authorize")]
    [InlineData("/connect/logout")]
    [InlineData("/login")]
    public async Task A_charset_that_nobody_uses_is_refused(string path)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var content = new StringContent("a=b");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded; charset=utf-7");

        using var response = await provider.Http.PostAsync(path, content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Tracing_is_refused()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        using var response = await provider.Http.SendAsync(new HttpRequestMessage(HttpMethod.Trace, "consent"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [OnEachDatabase(20_000)]
    [OnEachDatabase(60_000)]
    public async Task A_request_longer_than_requests_are_is_not_kept(TestDatabase database, int length)
    {
        var provider = await providers.OnAsync(database);
        var request = provider.RelyingParty(StandardDeclaration.Shop).NewRequest(change: parameters => parameters["state"] = new string('<', length));
        using var browser = provider.NewBrowser();

        var page = await browser.PostAsync("/connect/authorize", request.Parameters, new Uri("https://app.example/"));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Location);
    }

    [Theory, OnEachDatabase]
    public async Task A_long_request_that_is_still_one_is_carried_through(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var request = portal.NewRequest(change: parameters => parameters["state"] = new string('<', 4_000));
        using var browser = provider.NewBrowser();
        var person = await provider.NewPersonAsync();

        var login = await browser.FollowAsync(await browser.PostAsync("/connect/authorize", request.Parameters, new Uri("https://app.example/")));
        var done = await browser.SignInAsync(login, person.UserName, person.Password);

        (await portal.ExchangeAsync(request.CodeFrom(done), request)).OrFail();
    }
}
