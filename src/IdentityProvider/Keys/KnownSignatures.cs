using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.Keys;

/// <summary>
/// Signs and verifies with the keys of this server, and remembers which signatures it made or found right: an access token comes back many times, and
/// to verify one again costs more than all else of a request to userinfo. Whether the key may still be used, whether the token has expired and whether
/// its grant lives is asked each time, before and after.
/// </summary>
internal sealed class KnownSignatures : CryptoProviderFactory
{
    // A place for each of the tokens in use at the same time; a later one takes the place of an earlier one, which is then verified again.
    private const int Places = 8192;

    private readonly ConcurrentDictionary<(SecurityKey Key, string Algorithm, bool Signs), SignatureProvider> providers = new();
    private readonly byte[]?[] known = new byte[]?[Places];

    public override SignatureProvider CreateForSigning(SecurityKey key, string algorithm) => Provider(key, algorithm, signs: true);

    public override SignatureProvider CreateForSigning(SecurityKey key, string algorithm, bool cacheProvider) => Provider(key, algorithm, signs: true);

    public override SignatureProvider CreateForVerifying(SecurityKey key, string algorithm) => Provider(key, algorithm, signs: false);

    public override SignatureProvider CreateForVerifying(SecurityKey key, string algorithm, bool cacheProvider) => Provider(key, algorithm, signs: false);

    /// <summary>Keys and what works with them live as long as the process.</summary>
    public override void ReleaseSignatureProvider(SignatureProvider signatureProvider)
    {
    }

    private SignatureProvider Provider(SecurityKey key, string algorithm, bool signs) =>
        providers.TryGetValue((key, algorithm, signs), out var provider) ? provider : providers.GetOrAdd((key, algorithm, signs), new Remembering(
            signs ? base.CreateForSigning(key, algorithm, cacheProvider: false) : base.CreateForVerifying(key, algorithm, cacheProvider: false), known));

    /// <summary>Everything that decides whether a signature is right, in one number.</summary>
    private static byte[] Fingerprint(byte[] key, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        var length = sizeof(int) + key.Length + input.Length + signature.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            // With the length of the input, so that nothing can move from it to the signature.
            BinaryPrimitives.WriteInt32LittleEndian(buffer, input.Length);
            key.CopyTo(buffer.AsSpan(sizeof(int)));
            input.CopyTo(buffer.AsSpan(sizeof(int) + key.Length));
            signature.CopyTo(buffer.AsSpan(sizeof(int) + key.Length + input.Length));
            return SHA256.HashData(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Remembering(SignatureProvider inner, byte[]?[] known) : SignatureProvider(inner.Key, inner.Algorithm)
    {
        // By thumbprint and algorithm: the same key for whoever signs and whoever verifies.
        private readonly byte[] key = [.. inner.Key.ComputeJwkThumbprint(), .. Encoding.ASCII.GetBytes(inner.Algorithm)];

        public override byte[] Sign(byte[] input)
        {
            var signature = inner.Sign(input);
            Remember(Fingerprint(key, input, signature));
            return signature;
        }

        public override byte[] Sign(byte[] input, int offset, int count)
        {
            var signature = inner.Sign(input, offset, count);
            Remember(Fingerprint(key, input.AsSpan(offset, count), signature));
            return signature;
        }

        public override bool Sign(ReadOnlySpan<byte> data, Span<byte> destination, out int bytesWritten)
        {
            var signed = inner.Sign(data, destination, out bytesWritten);
            if (signed)
            {
                Remember(Fingerprint(key, data, destination[..bytesWritten]));
            }

            return signed;
        }

        public override bool Verify(byte[] input, byte[] signature) => Verify(input, 0, input.Length, signature, 0, signature.Length);

        public override bool Verify(byte[] input, int inputOffset, int inputLength, byte[] signature, int signatureOffset, int signatureLength)
        {
            var fingerprint = Fingerprint(key, input.AsSpan(inputOffset, inputLength), signature.AsSpan(signatureOffset, signatureLength));
            if (known[Place(fingerprint)] is { } right && right.AsSpan().SequenceEqual(fingerprint))
            {
                return true;
            }

            if (!inner.Verify(input, inputOffset, inputLength, signature, signatureOffset, signatureLength))
            {
                return false;
            }

            Remember(fingerprint);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }
        }

        private void Remember(byte[] fingerprint) => known[Place(fingerprint)] = fingerprint;

        private static int Place(byte[] fingerprint) => BinaryPrimitives.ReadUInt16LittleEndian(fingerprint) % Places;
    }
}
