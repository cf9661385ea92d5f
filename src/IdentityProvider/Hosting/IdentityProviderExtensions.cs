using IdentityProvider.Accounts;
using IdentityProvider.Configuration;
using IdentityProvider.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Hosting;

/// <summary>Adds the whole identity provider to a web application.</summary>
public static class IdentityProviderExtensions
{
    // Nothing a browser or client sends here is larger: signed requests and form posts, no uploads.
    private const long LargestRequestBody = 256 * 1024;

    /// <summary>Registers the identity provider, configured by the section <c>IdentityProvider</c>.</summary>
    /// <param name="builder">The application to add it to. It becomes the identity provider; add nothing else that answers requests.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">A setting is unknown or wrong. The message has one sentence per setting.</exception>
    public static WebApplicationBuilder AddIdentityProvider(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddCheckedFeatures(builder);
        builder.Services.AddProtection(builder.Environment, builder.Services.Settings().Read<ProtectionOptions>(ProtectionOptions.Section));
        return builder;
    }

    /// <summary>Everything that needs no file and no database: enough to say whether the settings are right.</summary>
    internal static void AddCheckedFeatures(WebApplicationBuilder builder)
    {
        var settings = new Settings(builder.Configuration, builder.Environment);
        builder.Services.AddSingleton(settings);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = LargestRequestBody;
        });

        // A key that cannot be unwrapped is told by the start that it stops, in a sentence and not as a stack trace.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Critical);
        // The library logs whole requests and answers; it blots out the secrets of its own flows, and leaves device codes (RFC 8628 §5.2) to be read.
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        builder.Services.AddIdentityProviderFeatures();
        settings.ThrowIfWrong();
    }

    /// <summary>Puts the identity provider's pages and endpoints into the request pipeline.</summary>
    /// <param name="app">The application built from a builder that <see cref="AddIdentityProvider"/> was called on.</param>
    /// <returns>The same application.</returns>
    public static WebApplication UseIdentityProvider(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        RequestPipeline.Build(app);
        return app;
    }

    /// <summary>Makes the link that makes the first administrator. It works once and for an hour, and voids every earlier one.</summary>
    /// <param name="app">The started application.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The link, or null when there is an administrator already.</returns>
    public static async Task<string?> CreateSetupLinkAsync(this WebApplication app, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SetupLinks>().CreateLinkAsync(cancellationToken);
    }
}
