using System.Security.Cryptography;
using IdentityProvider.Configuration;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Keys;

/// <summary>The section <c>IdentityProvider:DataProtection</c>: the certificate that wraps the keys in the database.</summary>
internal sealed class ProtectionOptions : ICheckedSettings
{
    public const string Section = ProviderOptions.Section + ":DataProtection";

    /// <summary>
    /// A PFX file with a private RSA key. Absent on SQLite: one is made in <c>data/</c>. Required on PostgreSQL, where all nodes share it.
    /// The file may hold older certificates too: the newest wraps, every one unwraps.
    /// </summary>
    public string? CertificatePath { get; set; }

    /// <summary>A file with the password of the PFX file; absent when it has none.</summary>
    public string? CertificatePasswordFile { get; set; }

    public IEnumerable<string> Problems(IHostEnvironment environment)
    {
        if (CertificatePasswordFile is not null && !File.Exists(CertificatePasswordFile))
        {
            yield return $"{Section}:CertificatePasswordFile names the file {CertificatePasswordFile}, which does not exist or cannot be read; correct the path.";
        }
        else if (CertificatePath is not null && !File.Exists(CertificatePath))
        {
            yield return $"{Section}:CertificatePath names the file {CertificatePath}, which does not exist or cannot be read; correct the path.";
        }
        else if (CertificatePath is not null && LoadProblem() is { } problem)
        {
            yield return problem;
        }
    }

    private string? LoadProblem()
    {
        try
        {
            return ProtectionCertificates.Load(this).Count == 0
                ? $"{Section}:CertificatePath names the file {CertificatePath}, which has no certificate with a private RSA key; export it together with its key."
                : null;
        }
        catch (CryptographicException)
        {
            return $"{Section}:CertificatePath names the file {CertificatePath}, which cannot be opened as PFX; check the file and the password in {Section}:CertificatePasswordFile.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{Section}:CertificatePath names the file {CertificatePath}, which this account cannot read; correct its owner or mode.";
        }
    }
}
