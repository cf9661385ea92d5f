using System.Text.Json.Nodes;
using IdentityProvider.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.UnitTests.Clients;

public sealed class ClientKeySetTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("17")]
    [InlineData("[]")]
    [InlineData("\"keys\"")]
    [InlineData("{\"keys\":17}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[null]}")]
    [InlineData("{\"keys\":[[]]}")]
    [InlineData("{\"keys\":[{\"kty\":7,\"x5c\":\"x\"}]}")]
    [InlineData("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"?\",\"y\":\"?\"}]}")]
    [InlineData("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"*\",\"e\":\"AQAB\"}]}")]
    [InlineData("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}")]
    public void What_is_no_key_set_gives_no_keys_and_no_exception(string json) => Assert.Empty(ClientKeySet.Parse(json)?.Keys ?? []);

    [Fact]
    public void Keys_are_chosen_by_name_kind_and_purpose()
    {
        var (first, second, nameless) = (new ClientKey(keyId: "1"), new ClientKey(keyId: "2"), new ClientKey(keyId: null));
        var (p384, rsa) = (new ClientKey("ES384", "1"), new ClientKey("RS256", "1"));
        var set = ClientKeySet.Parse(ClientKey.SetOf(first, second, nameless, p384, rsa))!;

        Assert.Equal(["1", null], set.ToVerify("ES256", "1").Select(key => key.KeyId));
        Assert.Equal(["1", "2", null], set.ToVerify("ES256", null).Select(key => key.KeyId));
        Assert.Equal(["1"], set.ToVerify("ES384", "1").Select(key => key.KeyId));
        Assert.Empty(set.ToVerify("ES512", "1"));
        Assert.Single(set.ToVerify("PS512", "1"));
    }

    [Theory]
    [InlineData("use", "\"enc\"")]
    [InlineData("key_ops", "[\"encrypt\"]")]
    [InlineData("alg", "\"RS256\"")]
    [InlineData("d", "\"AQAB\"")]
    [InlineData("k", "\"AQAB\"")]
    [InlineData("p", "\"\"")]
    public void A_key_for_something_else_or_with_its_private_half_verifies_nothing(string member, string json)
    {
        var jwk = new ClientKey("PS256").PublicJwk;
        Assert.Single(ClientKeySet.Parse(ClientKey.SetOf([jwk.DeepClone().AsObject()]))!.ToVerify("PS256", null));
        jwk[member] = JsonNode.Parse(json);

        Assert.Empty(ClientKeySet.Parse(ClientKey.SetOf([jwk]))!.ToVerify("PS256", null));
    }

    [Fact] // RFC 7518 §3.3
    public void An_RSA_key_of_less_than_2048_bits_is_none() =>
        Assert.Empty(ClientKeySet.Parse(ClientKey.SetOf(new ClientKey("RS256", rsaSize: 1024)))!.Keys);

    [Fact]
    public void A_set_is_read_up_to_a_length()
    {
        var key = new ClientKey();

        Assert.Equal(32, ClientKeySet.Parse(ClientKey.SetOf(Enumerable.Repeat(key, 100)))!.Keys.Count);
    }
}
