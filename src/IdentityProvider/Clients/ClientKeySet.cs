using Microsoft.IdentityModel.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Clients;

/// <summary>
/// The public keys in a client's JWK Set (RFC 7517 §5). Shared secrets, and keys whose private half stands beside them for everybody to read, are left out.
/// </summary>
internal sealed class ClientKeySet
{
    // Without a kid every fitting key is tried, which a stranger can ask for again and again.
    private const int MostKeys = 32;

    // RFC 7518 §3.3
    private const int SmallestRsaKey = 2048;
    private const int SmallestCurve = 256;

    private ClientKeySet(IEnumerable<JsonWebKey> keys) => Keys = [.. keys.Where(IsPublic).Take(MostKeys)];

    public static ClientKeySet Empty { get; } = new([]);

    public IReadOnlyList<JsonWebKey> Keys { get; }

    /// <summary>Reads a JWK Set; null when it is none.</summary>
    public static ClientKeySet? Parse(string json)
    {
        try
        {
            return new(new JsonWebKeySet(json).Keys);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The keys that may have made a signature.</summary>
    /// <param name="keyId">The <c>kid</c> the signature names. A key without one may be meant by any name (RFC 7515 §4.1.4).</param>
    public IReadOnlyList<SecurityKey> ToVerify(string algorithm, string? keyId) =>
    [
        .. Keys.Where(key => IsForSignatures(key) && Fits(key, algorithm)
            && (string.IsNullOrEmpty(keyId) || string.IsNullOrEmpty(key.KeyId) || key.KeyId == keyId)),
    ];

    private static bool IsPublic(JsonWebKey key)
    {
        if (key is not { D: null, DP: null, DQ: null, P: null, Q: null, QI: null, K: null } || key.Oth is { Count: > 0 })
        {
            return false;
        }

        try
        {
            return key.Kty == JsonWebAlgorithmsKeyTypes.RSA ? key.KeySize >= SmallestRsaKey && !string.IsNullOrEmpty(key.E)
                : key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve && key.KeySize >= SmallestCurve && !string.IsNullOrEmpty(key.Y);
        }
        catch (FormatException)
        {
            // No base64url: no key.
            return false;
        }
    }

    // RFC 7517 §4.2, §4.3
    private static bool IsForSignatures(JsonWebKey key) =>
        key.Use is null or JsonWebKeyUseNames.Sig && (key.KeyOps is not { Count: > 0 } || key.KeyOps.Contains("verify"));

    // RFC 7517 §4.4; RFC 7518 §3.4 gives each elliptic algorithm its curve.
    private static bool Fits(JsonWebKey key, string algorithm) =>
        (string.IsNullOrEmpty(key.Alg) || key.Alg == algorithm)
        && algorithm switch
        {
            Algorithms.EcdsaSha256 => key.Crv == JsonWebKeyECTypes.P256,
            Algorithms.EcdsaSha384 => key.Crv == JsonWebKeyECTypes.P384,
            Algorithms.EcdsaSha512 => key.Crv == JsonWebKeyECTypes.P521,
            _ => key.Kty == JsonWebAlgorithmsKeyTypes.RSA,
        };
}
