using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IdentityProvider.Configuration;
using IdentityProvider.Data;

namespace IdentityProvider.Keys;

/// <summary>The certificates that wrap and unwrap Data Protection keys, the newest first.</summary>
internal static class ProtectionCertificates
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<X509Certificate2> Load(ProtectionOptions options)
    {
        var password = options.CertificatePasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null;
        return X509CertificateLoader.LoadPkcs12CollectionFromFile(options.CertificatePath!, password)
            .Where(certificate => certificate.HasPrivateKey && certificate.GetRSAPublicKey() is not null)
            .OrderByDescending(certificate => certificate.NotBefore)
            .ToList();
    }

    /// <summary>The embedded default: a file in <c>data/</c> that only this account can read, made at the first start.</summary>
    public static IReadOnlyList<X509Certificate2> LoadOrMake(DataFolder folder)
    {
        folder.Ensure();
        var path = folder.PathOf("protection.pfx");
        using (TakeLock(path + ".lock"))
        {
            if (!File.Exists(path))
            {
                Make(path);
            }
        }

        return Load(new ProtectionOptions { CertificatePath = path });
    }

    // Two processes that start at once must not make two certificates: what one of them wraps, nobody could unwrap after the other's file won.
    private static IDisposable TakeLock(string path)
    {
        IDisposable? taken = null;
        return SpinWait.SpinUntil(() => (taken = FileLock.TryTake(path)) is not null, patience)
            ? taken!
            : throw new StartRefusedException($"The file {path} stays locked by another process; end that process and start again.");
    }

    // The whole file appears at once, so a process killed in the middle leaves no half of it.
    private static void Make(string path)
    {
        using var key = RSA.Create(3072);
        var request = new CertificateRequest("CN=IdentityProvider Data Protection", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        // Only its key matters; nobody checks its dates, so they are made for the life of the data.
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(130));
        var temporary = path + "." + Guid.CreateVersion7().ToString("N");
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, create))
        {
            file.Write(certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password: null));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
    }
}
