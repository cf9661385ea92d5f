using IdentityProvider.Configuration;
using IdentityProvider.Data;
using IdentityProvider.Pages;
using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting;

/// <summary>The features of the product, in the order in which they are registered. A feature is added or removed here by one line.</summary>
internal static class ProtocolPipeline
{
    public static void AddIdentityProviderFeatures(this IServiceCollection services)
    {
        services.AddSettings<ProviderOptions>(ProviderOptions.Section);
        services.AddDatabase(services.AddSettings<DatabaseOptions>(DatabaseOptions.Section));

        services.AddSingleton<Issuer>();
        services.AddSingleton<CookieNames>();
        services.AddHostedService<StartUp>();
        services.AddPages();
        services.AddForwardedHeaders();
    }
}
