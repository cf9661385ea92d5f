using IdentityProvider.Accounts;
using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Configuration;
using IdentityProvider.Data;
using IdentityProvider.Jobs;
using IdentityProvider.Pages;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using IdentityProvider.Users;
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

        // Before every other background service: nothing may look at tables that are not there yet.
        services.AddHostedService<StartUp>();
        services.AddAudit();
        services.AddJobs();
        services.AddScopes();
        services.AddClients();
        services.AddUsers();
        services.AddAccounts();

        services.AddPages();
        services.AddForwardedHeaders();
    }
}
