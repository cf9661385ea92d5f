using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IdentityProvider.Testing;

/// <summary>The TLS certificate of every https provider in this test run. Nothing outside the run trusts it.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Instance { get; } = Create();

    private static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch, DateTimeOffset.Parse("2100-01-01T00:00:00Z", CultureInfo.InvariantCulture));
    }
}
