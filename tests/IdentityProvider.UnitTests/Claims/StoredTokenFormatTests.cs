using System.Security.Claims;
using IdentityProvider.Claims;
using OpenIddict.Abstractions;
using OpenIddict.Server.DataProtection;
using ClaimNames = OpenIddict.Abstractions.OpenIddictConstants.Claims;

namespace IdentityProvider.UnitTests.Claims;

public sealed class StoredTokenFormatTests
{
    private readonly StoredTokenFormat format = new();

    [Fact]
    public void Every_claim_comes_back_with_its_type_of_value()
    {
        var principal = PrincipalFactory.ForStoredToken(
        [
            new Claim(ClaimNames.Subject, "alice"),
            new Claim(ClaimNames.AuthenticationTime, "1790000000", ClaimValueTypes.Integer64),
            new Claim(ClaimNames.Private.Scope, "openid"),
            new Claim(ClaimNames.Private.Scope, "offline_access"),
            new Claim(ClaimNames.Private.Nonce, "ünïcödé\n\"{}"),
            new Claim("act", """{"sub":"robot"}""", "JSON"),
            new Claim("https://example.com/team", "blue", "https://example.com/colour"),
            new Claim("empty", ""),
        ]);

        Assert.Equal(Lines(principal), Lines(Read(Write(format, principal))));
    }

    [Fact]
    public void What_the_library_wrote_before_is_still_read()
    {
        var principal = PrincipalFactory.ForStoredToken([new Claim(ClaimNames.Subject, "alice")])
            .SetScopes("openid", "email").SetPresenters("shop").SetAuthorizationId("g1").SetTokenId("t1");

        var read = Read(Write(new OpenIddictServerDataProtectionFormatter(), principal));

        Assert.Equal("alice", read.GetClaim(ClaimNames.Subject));
        Assert.Equal(["openid", "email"], read.GetScopes());
        Assert.Equal(("shop", "g1", "t1"), (read.GetPresenters().Single(), read.GetAuthorizationId(), read.GetTokenId()));
    }

    [Fact]
    public void It_is_less_than_half_as_long_as_the_librarys()
    {
        var principal = PrincipalFactory.ForPerson(new PersonGrant(
            "7f1d0f5e6c0b4f0f9b3c", "s-1", DateTime.UnixEpoch, ["pwd"], "urn:idp:pwd", ["openid", "profile", "email"], ["https://api.example"]));
        principal.SetTokenId(Guid.CreateVersion7().ToString()).SetAuthorizationId(Guid.CreateVersion7().ToString()).SetPresenters("shop");

        Assert.InRange(Write(format, principal).Length, 1, Write(new OpenIddictServerDataProtectionFormatter(), principal).Length / 2);
    }

    [Theory]
    // A number of a claim that no version up to this one has.
    [InlineData("E9030000", "01", "C8")]
    // Neither this format nor the library's.
    [InlineData("E8030000", "01", "00")]
    public void What_is_in_no_known_format_is_refused(string version, string count, string type)
    {
        var error = Record.Exception(() => Read(Convert.FromHexString(version + count + type)));

        Assert.True(error is InvalidDataException or InvalidOperationException, error?.ToString());
    }

    [Fact]
    public void What_is_cut_off_is_refused()
    {
        var written = Write(format, PrincipalFactory.ForStoredToken([new Claim(ClaimNames.Subject, "alice"), new Claim(ClaimNames.Private.Scope, "openid")]));

        Assert.All(Enumerable.Range(0, written.Length), length => Assert.ThrowsAny<IOException>(() => Read(written[..length])));
    }

    private ClaimsPrincipal Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return format.ReadToken(reader);
    }

    private static byte[] Write(IOpenIddictServerDataProtectionFormatter format, ClaimsPrincipal principal)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        format.WriteToken(writer, principal);
        writer.Flush();
        return stream.ToArray();
    }

    private static IEnumerable<string> Lines(ClaimsPrincipal principal) =>
        principal.Claims.Select(claim => $"{claim.Type}|{claim.Value}|{claim.ValueType}");
}
