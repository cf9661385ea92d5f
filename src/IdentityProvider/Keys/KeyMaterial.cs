using System.Security.Cryptography;
using IdentityProvider.Configuration;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.Keys;

/// <summary>Makes private keys, wraps them for the database and unwraps them again.</summary>
internal sealed class KeyMaterial(IDataProtectionProvider protection, KnownSignatures signatures)
{
    // 3072 bit would cost seven times the CPU per signature and every client accepts 2048 until at least 2030.
    private const int RsaBits = 2048;

    private readonly IDataProtector protector = protection.CreateProtector("IdentityProvider.Keys");

    public SigningKey Create(string algorithm, int generation, DateTime now, DateTime activateAt)
    {
        using AsymmetricAlgorithm key = CurveOf(algorithm) is { } curve ? ECDsa.Create(curve) : RSA.Create(RsaBits);
        var pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            return new SigningKey
            {
                Id = Guid.CreateVersion7(),
                Kid = Thumbprint(key),
                Algorithm = algorithm,
                Generation = generation,
                ProtectedKey = Convert.ToBase64String(protector.Protect(pkcs8)),
                CreatedAt = now,
                ActivateAt = activateAt,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <exception cref="StartRefusedException">The row was wrapped under a Data Protection key that is gone.</exception>
    public SigningCredentials Unwrap(SigningKey row)
    {
        byte[] pkcs8;
        try
        {
            pkcs8 = protector.Unprotect(Convert.FromBase64String(row.ProtectedKey));
        }
        catch (CryptographicException)
        {
            throw new StartRefusedException(
                $"The signing key {row.Kid} cannot be unwrapped: the Data Protection key it was wrapped with is gone; restore the table DataProtectionKeys, or run \"keys rotate --now\", which makes new keys and invalidates every token signed so far.");
        }

        try
        {
            return new SigningCredentials(Read(row, pkcs8), row.Algorithm);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    // The keys live as long as the process: whoever signs may hold one at any moment.
    private AsymmetricSecurityKey Read(SigningKey row, byte[] pkcs8)
    {
        if (CurveOf(row.Algorithm) is not null)
        {
            var elliptic = ECDsa.Create();
            elliptic.ImportPkcs8PrivateKey(pkcs8, out _);
            return new ECDsaSecurityKey(elliptic) { KeyId = row.Kid, CryptoProviderFactory = signatures };
        }

        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return new RsaSecurityKey(rsa) { KeyId = row.Kid, CryptoProviderFactory = signatures };
    }

    // RFC 7518 §3.4 gives each its curve; everything else here is RSA, for which one size does for all.
    private static ECCurve? CurveOf(string algorithm) => algorithm switch
    {
        SecurityAlgorithms.EcdsaSha256 => ECCurve.NamedCurves.nistP256,
        SecurityAlgorithms.EcdsaSha384 => ECCurve.NamedCurves.nistP384,
        SecurityAlgorithms.EcdsaSha512 => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    private static string Thumbprint(AsymmetricAlgorithm key)
    {
        var publicKey = key is ECDsa elliptic
            ? JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(elliptic))
            : JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey((RSA)key));
        return Base64UrlEncoder.Encode(publicKey.ComputeJwkThumbprint());
    }
}
