using System.Net;
using IdentityProvider.Clients;
using IdentityProvider.IntegrationTests.Authorize;
using IdentityProvider.IntegrationTests.ClientAuthentication;
using Microsoft.IdentityModel.Tokens;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>
/// JSON can escape half a character (RFC 8259 §8.2), which no text of ours can hold: wherever a stranger's JSON is read it makes the request
/// unreadable, and never fails inside (the fixture fails a test on any 500).
/// </summary>
public class UnreadableTextTests(SharedProviders providers)
{
    [Theory]
    [OnEachDatabase("""{"id_token":{"sub":{"value":"\ud800"}}}""")]
    [OnEachDatabase("""{"id_token":{"acr":{"values":["\udfff"]}}}""")]
    [OnEachDatabase("""{"userinfo":{"name":{"value":"\ud800x"}}}""")]
    [OnEachDatabase("""{"userinfo":{"\ud800":null}}""")]
    [OnEachDatabase("""{"\ud800":null}""")]
    [OnEachDatabase("""{"userinfo":{"name":{"\ud800":null}}}""")]
    public async Task Half_a_character_in_the_claims_parameter_is_refused_or_ignored(TestDatabase database, string claims)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var shop = host.RelyingParty(Shop);
        var request = shop.NewRequest(change: parameters => parameters["claims"] = claims);

        var page = await browser.OpenAsync(request.Url);
        var pushed = await shop.PushAsync(request);

        Assert.NotEqual(HttpStatusCode.InternalServerError, page.Status);
        Assert.True((int)pushed.Status is 201 or 400, pushed.ToString());
    }

    [Theory]
    [OnEachDatabase("a\\u0000b")]
    [OnEachDatabase("\\ufffe")]
    public async Task A_subject_that_nobody_can_have_is_nobody(TestDatabase database, string subject)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var shop = host.RelyingParty(Shop);
        await shop.SignInAsync(browser, await host.NewPersonAsync());
        var request = shop.NewRequest(change: parameters =>
            (parameters["prompt"], parameters["claims"]) = ("none", $$$$"""{"id_token":{"sub":{"value":"{{{{subject}}}}"}}}"""));

        Assert.Equal("login_required", request.ErrorFrom(await browser.OpenAsync(request.Url)));
    }

    [Theory]
    [OnEachDatabase("iss")]
    [OnEachDatabase("sub")]
    [OnEachDatabase("aud")]
    [OnEachDatabase("jti")]
    [OnEachDatabase("\\ud800")]
    public async Task Half_a_character_in_a_client_assertion_is_refused(TestDatabase database, string claim)
    {
        var host = await providers.OnAsync(database);
        var key = new ClientKey();
        var signer = await host.NewSignerAsync(key);
        var header = Base64UrlEncoder.Encode("""{"alg":"ES256"}""");
        var payload = Base64UrlEncoder.Encode($$"""{"{{claim}}":"\ud800"}""");

        var answer = await signer.PresentAsync($"{header}.{payload}.e30");
        var inHeader = await signer.PresentAsync(
            Base64UrlEncoder.Encode($$"""{"alg":"ES256","{{claim}}":"\ud800"}""") + ".e30.e30");

        answer.AssertRefusedSomehow();
        inHeader.AssertRefusedSomehow();
    }

    [Theory]
    [InlineData("""{"keys":[{"kty":"\ud800"}]}""")]
    [InlineData("""{"keys":[{"\ud800":"RSA"}]}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"\ud800","y":"AA"}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","n":"AQ","e":"\ud800","key_ops":["\ud800"]}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","n":"AQ","x5c":["\ud800"],"oth":"x"}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","oth":[{"r":1}],"x5c":5}]}""")]
    [InlineData("""{"keys":"x"}""")]
    [InlineData("""{"keys":{"a":1}}""")]
    [InlineData("""{"keys":[[]]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","n":"!","e":"!"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"!"}]}""")]
    public void A_key_set_that_cannot_be_read_has_no_keys(string body)
    {
        var keys = ClientKeySet.Parse(body);

        Assert.True(keys is null || keys.ToVerify("ES256", null).Count + keys.ToVerify("RS256", null).Count <= 1);
    }
}
