using IdentityProvider.Accounts;
using IdentityProvider.Administration;
using IdentityProvider.Audit;
using IdentityProvider.Authorize;
using IdentityProvider.Claims;
using IdentityProvider.ClientAuthentication;
using IdentityProvider.Clients;
using IdentityProvider.Configuration;
using IdentityProvider.Consents;
using IdentityProvider.Data;
using IdentityProvider.Declarations;
using IdentityProvider.DeviceAuthorization;
using IdentityProvider.Evaluation;
using IdentityProvider.Federation;
using IdentityProvider.Grants;
using IdentityProvider.Introspection;
using IdentityProvider.Jobs;
using IdentityProvider.Keys;
using IdentityProvider.Logout;
using IdentityProvider.Pages;
using IdentityProvider.Permissions;
using IdentityProvider.Policies;
using IdentityProvider.Preview;
using IdentityProvider.Protocol;
using IdentityProvider.Revocation;
using IdentityProvider.Scopes;
using IdentityProvider.ServerMetadata;
using IdentityProvider.Sessions;
using IdentityProvider.TokenExchange;
using IdentityProvider.UserInfo;
using IdentityProvider.Users;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting;

/// <summary>The features of the product, in the order in which they are registered. A feature is added or removed here by one line.</summary>
internal static class ProtocolPipeline
{
    public static void AddIdentityProviderFeatures(this IServiceCollection services)
    {
        services.AddSettings<ProviderOptions>(ProviderOptions.Section);
        var database = services.AddSettings<DatabaseOptions>(DatabaseOptions.Section);
        var protection = services.AddSettings<ProtectionOptions>(ProtectionOptions.Section);
        if (database.Provider == DatabaseProvider.PostgreSql && protection.CertificatePath is null)
        {
            services.Settings().Report(
                $"{ProtectionOptions.Section}:CertificatePath is missing; with PostgreSQL name a PFX file that every node has, which wraps the keys in the database.");
        }

        services.AddDatabase(database);
        services.AddSingleton<Issuer>();
        services.AddSingleton<CookieNames>();
        services.AddSingleton<Outages>();

        // Before every other background service: nothing may look at tables that are not there yet.
        services.AddStartUp();
        services.AddAudit();
        services.AddJobs();
        services.AddSingleton<RecurringJob, GiveBackSpareMemory>();
        services.AddKeys();
        services.AddScopes();
        services.AddClients();
        services.AddUsers();
        services.AddPermissions();
        services.AddPolicies();
        services.AddAccounts();
        services.AddFederation();
        services.AddDeclarations();
        services.AddAdministration();

        services.AddClientAuthentication();
        services.AddSessions();
        services.AddConsents();
        services.AddClaims();
        services.AddAuthorize();
        services.AddGrants();
        services.AddDeviceAuthorization();
        services.AddTokenExchange();
        services.AddEvaluation();
        services.AddLogout();
        services.AddProtocol(server => server
            .UseAudit()          // whatever is refused below leaves a record
            .UseClientAuthentication() // RFC 6749 §2.3
            .UseAuthorize()      // RFC 6749 §3.1, OpenID Connect Core §3.1.2
            .UsePushedRequests() // RFC 9126
            .UseGrants()         // RFC 6749 §3.2, RFC 9068
            .UseDeviceAuthorization() // RFC 8628
            .UseTokenExchange()  // RFC 8693
            .UseClaims()         // OpenID Connect Core §5.5, §8
            .UsePermissions()    // RFC 9068 §2.2.3.1
            .UseUserInfo()       // OpenID Connect Core §5.3
            .UseIntrospection()  // RFC 7662
            .UseRevocation()     // RFC 7009
            .UseAdministration() // tokens for our own API
            .UseLogout()         // OpenID Connect RP-Initiated Logout 1.0
            .UseServerMetadata()); // OpenID Connect Discovery, RFC 8414

        services.AddPreview();
        services.AddPages();
        services.AddForwardedHeaders();
    }
}
