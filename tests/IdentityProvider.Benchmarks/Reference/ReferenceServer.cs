using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Benchmarks.Reference;

/// <summary>
/// OpenIddict with its defaults, as the official samples use it and as one would write it in an afternoon: rows for every token,
/// encrypted access tokens, RSA, hashed secrets, EF Core on SQLite.
/// </summary>
internal static class ReferenceServer
{
    public const string Mode = "--serve-reference";

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddDbContext<ReferenceDbContext>(options =>
        {
            options.UseSqlite("Data Source=reference.db");
            options.UseOpenIddict();
        });
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => options.LoginPath = "/login");
        builder.Services.AddAuthorization();
        builder.Services.AddOpenIddict()
            .AddCore(options => options.UseEntityFrameworkCore().UseDbContext<ReferenceDbContext>())
            .AddServer(ConfigureServer);

        var app = builder.Build();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ReferenceDbContext>().Database.EnsureCreatedAsync();
            await ReferenceClients.AddAsync(scope.ServiceProvider);
        }

        app.UseAuthentication();
        app.UseAuthorization();
        ReferenceEndpoints.Map(app);
        await app.RunAsync();
    }

    private static void ConfigureServer(OpenIddictServerBuilder options)
    {
        options.SetIssuer(Environment.GetEnvironmentVariable("ASPNETCORE_URLS")!)
            .SetAuthorizationEndpointUris("connect/authorize")
            .SetPushedAuthorizationEndpointUris("connect/par")
            .SetTokenEndpointUris("connect/token")
            .SetUserInfoEndpointUris("connect/userinfo")
            .SetIntrospectionEndpointUris("connect/introspect")
            .SetRevocationEndpointUris("connect/revoke");
        options.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow().RequireProofKeyForCodeExchange();
        options.RegisterScopes(Scopes.Profile, Scopes.Email, Scopes.OfflineAccess, Servers.Cast.ApiScope);
        options.AddSigningCertificate(Certificate(X509KeyUsageFlags.DigitalSignature))
            .AddEncryptionCertificate(Certificate(X509KeyUsageFlags.KeyEncipherment));
        options.UseAspNetCore()
            .EnableAuthorizationEndpointPassthrough()
            .EnableTokenEndpointPassthrough()
            .EnableUserInfoEndpointPassthrough()
            .DisableTransportSecurityRequirement();
    }

    // As AddDevelopmentSigningCertificate makes them, without leaving anything in the certificate store of whoever runs this.
    private static X509Certificate2 Certificate(X509KeyUsageFlags usage)
    {
        var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Reference", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(2));
    }
}

/// <summary>OpenIddict's own tables.</summary>
internal sealed class ReferenceDbContext(DbContextOptions<ReferenceDbContext> options) : DbContext(options);
