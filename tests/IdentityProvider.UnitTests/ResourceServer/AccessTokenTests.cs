using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace IdentityProvider.UnitTests.ResourceServer;

public sealed class AccessTokenTests
{
    [Fact]
    public async Task An_access_token_for_this_API_is_accepted_and_names_its_subject()
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync("/me", api.Mint.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("alice", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ES256_and_RS256_are_accepted_unless_told_otherwise()
    {
        await using var api = await ProtectedApi.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/me", api.Mint.Token(signedBy: api.Mint.Es256))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/me", api.Mint.Token(signedBy: api.Mint.Rs256))).StatusCode);
    }

    [Fact]
    public async Task An_API_may_allow_fewer_algorithms()
    {
        await using var api = await ProtectedApi.StartAsync(options => options.ValidAlgorithms.Remove("RS256"));

        await AssertRefusedAsync(api, api.Mint.Token(signedBy: api.Mint.Rs256));
    }

    [Fact] // RFC 9068 §2.1: the media type may be written in full.
    public async Task The_type_may_be_the_whole_media_type()
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync("/me", api.Mint.Token(token => token.TokenType = "application/at+jwt"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Claims_keep_their_names_on_the_wire()
    {
        await using var api = await ProtectedApi.StartAsync();

        var types = await (await api.GetAsync("/claims", api.Mint.Token())).Content.ReadFromJsonAsync<string[]>();

        Assert.Contains("sub", types!);
        Assert.DoesNotContain(types!, type => type.StartsWith("http", StringComparison.Ordinal));
    }

    [Theory] // RFC 9068 §4: an id_token, a logout token or one without a type is signed by the same key, and is not for us.
    [InlineData("JWT")]
    [InlineData("logout+jwt")]
    [InlineData("client-authentication+jwt")]
    [InlineData(null)]
    public async Task A_token_of_another_type_is_refused(string? type)
    {
        await using var api = await ProtectedApi.StartAsync();

        await AssertRefusedAsync(api, api.Mint.Token(token => token.TokenType = type));
    }

    [Theory]
    [InlineData("https://other.example.com")]
    [InlineData("https://notes.example.com/")]
    [InlineData("https://NOTES.example.com")]
    [InlineData(null)]
    public async Task A_token_for_somebody_else_is_refused(string? audience)
    {
        await using var api = await ProtectedApi.StartAsync();

        await AssertRefusedAsync(api, api.Mint.Token(token => token.Audience = audience));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://id.example.com/")]
    [InlineData("https://ID.example.com")]
    [InlineData(null)]
    public async Task A_token_of_another_issuer_is_refused_byte_for_byte(string? issuer)
    {
        await using var api = await ProtectedApi.StartAsync();

        await AssertRefusedAsync(api, api.Mint.Token(token => token.Issuer = issuer));
    }

    [Fact]
    public async Task An_unsigned_token_is_refused()
    {
        await using var api = await ProtectedApi.StartAsync();
        var payload = api.Mint.Token().Split('.')[1];
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""");

        await AssertRefusedAsync(api, $"{header}.{payload}.");
    }

    [Fact] // RFC 8725 §2.1: the public key used as the secret of an HMAC.
    public async Task A_token_whose_HMAC_was_made_with_the_public_key_is_refused()
    {
        await using var api = await ProtectedApi.StartAsync();
        using var rsa = RSA.Create(((RsaSecurityKey)api.Mint.PublicKeys.Last()).Parameters);
        var secret = new SymmetricSecurityKey(Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = api.Mint.RsaKeyId };

        await AssertRefusedAsync(api, api.Mint.Token(signedBy: new SigningCredentials(secret, SecurityAlgorithms.HmacSha256)));
    }

    [Fact]
    public async Task A_token_signed_with_an_algorithm_that_is_not_on_the_list_is_refused()
    {
        await using var api = await ProtectedApi.StartAsync();

        await AssertRefusedAsync(api, api.Mint.Token(signedBy: api.Mint.Rsa(SecurityAlgorithms.RsaSsaPssSha256)));
    }

    [Fact]
    public async Task A_token_signed_by_a_stranger_is_refused()
    {
        await using var api = await ProtectedApi.StartAsync();
        using var stranger = new TokenMint(api.Clock);

        await AssertRefusedAsync(api, stranger.Token());
    }

    [Fact]
    public async Task A_token_whose_payload_was_changed_is_refused()
    {
        await using var api = await ProtectedApi.StartAsync();
        var alice = api.Mint.Token().Split('.');
        var mallory = api.Mint.Token(token => token.Claims["sub"] = "mallory").Split('.');

        await AssertRefusedAsync(api, $"{alice[0]}.{mallory[1]}.{alice[2]}");
    }

    [Fact]
    public async Task A_token_dies_with_its_expiration_and_a_small_allowance()
    {
        await using var api = await ProtectedApi.StartAsync();
        var token = api.Mint.Token();

        api.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(29));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/me", token)).StatusCode);

        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await AssertRefusedAsync(api, token);
    }

    [Fact]
    public async Task A_token_without_an_expiration_is_refused()
    {
        await using var api = await ProtectedApi.StartAsync();

        await AssertRefusedAsync(api, api.Mint.Token(token => token.Expires = null));
    }

    [Fact]
    public async Task A_token_from_the_future_is_refused()
    {
        await using var api = await ProtectedApi.StartAsync();

        await AssertRefusedAsync(api, api.Mint.Token(token => token.NotBefore = token.NotBefore!.Value.AddMinutes(1)));
    }

    [Fact] // RFC 9449 §7.2
    public async Task A_token_bound_to_a_key_is_not_taken_for_a_bearer_token()
    {
        await using var api = await ProtectedApi.StartAsync();
        var thumbprint = new Dictionary<string, object> { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" };

        await AssertRefusedAsync(api, api.Mint.Token(token => token.Claims["cnf"] = thumbprint));
    }

    private static async Task AssertRefusedAsync(ProtectedApi api, string token)
    {
        var response = await api.GetAsync("/me", token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }
}
