using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Keys;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.UnitTests.Keys;

public sealed class KnownSignaturesTests : IDisposable
{
    private const string Algorithm = SecurityAlgorithms.EcdsaSha256;

    private readonly KnownSignatures signatures = new();
    private readonly ECDsa elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] input = Encoding.ASCII.GetBytes("header.payload");

    public void Dispose() => elliptic.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_signature_is_right_the_first_time_and_every_time(bool madeHere)
    {
        var signature = madeHere
            ? signatures.CreateForSigning(Key(), Algorithm).Sign(input)
            : elliptic.SignData(input, HashAlgorithmName.SHA256);
        var verifier = signatures.CreateForVerifying(Key(), Algorithm);

        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(verifier.Verify(input, signature)));
    }

    [Fact]
    public void What_is_not_the_very_same_is_verified()
    {
        var signer = signatures.CreateForSigning(Key(), Algorithm);
        var verifier = signatures.CreateForVerifying(Key(), Algorithm);
        var signature = signer.Sign(input);
        Assert.True(verifier.Verify(input, signature));

        Assert.All(Enumerable.Range(0, input.Length), index => Assert.False(verifier.Verify(Changed(input, index), signature)));
        Assert.All(Enumerable.Range(0, signature.Length), index => Assert.False(verifier.Verify(input, Changed(signature, index))));
        // Nothing may move from one to the other.
        Assert.False(verifier.Verify([.. input, signature[0]], signature[1..]));
        // And a wrong one is no less wrong the second time.
        Assert.False(verifier.Verify(Changed(input, 0), signature));
    }

    [Fact]
    public void Another_key_does_not_know_it()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = signatures.CreateForSigning(Key(), Algorithm).Sign(input);

        Assert.False(signatures.CreateForVerifying(new ECDsaSecurityKey(other) { KeyId = "one" }, Algorithm).Verify(input, signature));
    }

    [Fact]
    public void Parts_of_longer_texts_are_the_same_signature()
    {
        var signature = signatures.CreateForSigning(Key(), Algorithm).Sign(input);
        var verifier = signatures.CreateForVerifying(Key(), Algorithm);

        Assert.True(verifier.Verify([1, .. input, 2], 1, input.Length, [3, 4, .. signature], 2, signature.Length));
        Assert.False(verifier.Verify([1, .. input, 2], 0, input.Length, [3, 4, .. signature], 2, signature.Length));
    }

    private ECDsaSecurityKey Key() => new(elliptic) { KeyId = "one", CryptoProviderFactory = signatures };

    private static byte[] Changed(byte[] bytes, int index)
    {
        var changed = bytes.ToArray();
        changed[index] ^= 1;
        return changed;
    }
}
