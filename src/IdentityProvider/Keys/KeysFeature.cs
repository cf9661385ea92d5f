using IdentityProvider.Configuration;
using IdentityProvider.Jobs;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace IdentityProvider.Keys;

/// <summary>
/// Signing keys that rotate by themselves on every node (RFC 7517, RFC 7638), wrapped by Data Protection,
/// whose own keys lie in the same database wrapped by a certificate.
/// Rows: SigningKey, DataProtectionKeys. Options: IdentityProvider:Keys, IdentityProvider:DataProtection. Commands: keys list, keys rotate.
/// </summary>
internal static class KeysFeature
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddSettings<KeyOptions>(KeyOptions.Section);
        services.AddSingleton<KnownSignatures>();
        services.AddSingleton<KeyMaterial>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<SignatureKeys>();
        services.AddScoped<KeyRotation>();
        services.AddScoped<ProtectionKeys>();
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, SignWithKeyRing>();
        services.AddSingleton<RecurringJob, RotateKeys>();
        services.AddSingleton<RecurringJob, RefreshKeyRing>();
        return services;
    }

    /// <summary>Data Protection itself. It loads or makes its certificate, so it is added when all settings have been found right.</summary>
    public static void AddProtection(this IServiceCollection services, IHostEnvironment environment, ProtectionOptions options)
    {
        var certificates = options.CertificatePath is null
            ? ProtectionCertificates.LoadOrMake(new DataFolder(environment))
            : ProtectionCertificates.Load(options);
        services.AddSingleton<ProtectionKeyRows>();
        services.AddOptions<KeyManagementOptions>().Configure<ProtectionKeyRows>((keys, rows) => keys.XmlRepository = rows);
        services.AddDataProtection()
            .SetApplicationName("IdentityProvider")
            // One pass where AES-CBC with HMAC takes two: half the time for each code, refresh token and cookie, which a request has up to four of.
            // A key keeps what it was made for: where there are keys already, the next one is the first of this kind.
            .UseCryptographicAlgorithms(new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM })
            .ProtectKeysWithCertificate(certificates[0])
            .UnprotectKeysWithAnyCertificate([.. certificates]);
    }
}
