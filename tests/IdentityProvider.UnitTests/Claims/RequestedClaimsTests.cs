using IdentityProvider.Claims;

namespace IdentityProvider.UnitTests.Claims;

/// <summary>OpenID Connect Core §5.5, the <c>claims</c> parameter.</summary>
public sealed class RequestedClaimsTests
{
    [Theory]
    [InlineData(null, "", "")]
    [InlineData("{}", "", "")]
    [InlineData("""{"userinfo":null,"id_token":null}""", "", "")]
    [InlineData("""{"userinfo":{"name":null,"email":{"essential":true},"email_verified":{"essential":false}}}""", "name email email_verified", "")]
    [InlineData("""{"id_token":{"auth_time":{"essential":true},"locale":{"value":"de"},"birthdate":{"values":["1990-01-01"]}}}""", "", "birthdate locale")]
    // Unknown members and claims are ignored, in whatever language they are.
    [InlineData("""{"userinfo":{"http://example.info/claims/groups":null,"name#de":null,"nickname":{"unknown":1}},"unknown":7}""", "nickname", "")]
    public void It_reads_what_this_server_can_give(string? text, string userInfo, string idToken)
    {
        var claims = RequestedClaims.Parse(text)!;

        Assert.Equal(userInfo, string.Join(' ', claims.UserInfo));
        Assert.Equal(idToken, string.Join(' ', claims.IdToken));
        Assert.Null(claims.Subjects);
    }

    [Theory]
    [InlineData("""{"id_token":{"sub":{"value":"a"}}}""", "a")]
    [InlineData("""{"userinfo":{"sub":{"values":["a","b"]}}}""", "a b")]
    [InlineData("""{"userinfo":{"sub":{"value":"a"}},"id_token":{"sub":{"values":["a","b"]}}}""", "a")]
    [InlineData("""{"userinfo":{"sub":{"value":"a"}},"id_token":{"sub":{"value":"b"}}}""", "")]
    [InlineData("""{"id_token":{"sub":{"essential":true}}}""", null)]
    public void It_reads_whom_the_request_is_about(string text, string? subjects)
    {
        Assert.Equal(subjects?.Split(' ', StringSplitOptions.RemoveEmptyEntries), RequestedClaims.Parse(text)!.Subjects);
    }

    [Theory]
    [InlineData("""{"id_token":{"acr":{"essential":true,"values":["two","one"]}}}""", "two one", true)]
    [InlineData("""{"id_token":{"acr":{"value":"one"}}}""", "one", false)]
    [InlineData("""{"id_token":{"acr":{"essential":true}}}""", "", false)]
    [InlineData("""{"userinfo":{"acr":{"essential":true,"value":"one"}}}""", "", false)]
    public void It_reads_how_strong_a_sign_in_is_wanted(string text, string acr, bool essential)
    {
        var claims = RequestedClaims.Parse(text)!;

        Assert.Equal((acr, essential), (string.Join(' ', claims.Acr), claims.RequiresAcr));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"userinfo\":{}")]
    [InlineData("""{"userinfo":[]}""")]
    [InlineData("""{"id_token":"sub"}""")]
    [InlineData("""{"id_token":{"name":true}}""")]
    [InlineData("""{"id_token":{"name":{"essential":"yes"}}}""")]
    [InlineData("""{"id_token":{"name":{"values":"one"}}}""")]
    [InlineData("""{"id_token":{"sub":{"values":[]}}}""")]
    [InlineData("""{"id_token":{"sub":{"value":7}}}""")]
    [InlineData("""{"id_token":{"acr":{"values":["one",null]}}}""")]
    [InlineData("""{"id_token":{"sub":{"value":"a","values":["b"]}}}""")]
    [InlineData("""{"id_token":{"sub":{"value":"a"},"sub":{"value":"b"}}}""")]
    [InlineData("""{"id_token":{"name":{"value":{"a":{"b":{"c":{"d":{"e":{}}}}}}}}}""")]
    public void What_the_specification_does_not_describe_is_not_guessed_at(string text) => Assert.Null(RequestedClaims.Parse(text));

    [Fact]
    public void It_is_bounded() => Assert.Null(RequestedClaims.Parse($$$"""{"userinfo":{"{{{new string('x', 9000)}}}":null}}"""));
}
