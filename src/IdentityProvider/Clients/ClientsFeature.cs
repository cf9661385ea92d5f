using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace IdentityProvider.Clients;

/// <summary>
/// Registered clients: RFC 7591 §2 and OpenID Connect Dynamic Client Registration 1.0 §2 metadata, RFC 8252 for native ones.
/// Rows: Client. Every other part reads clients from <see cref="ClientCatalog"/>, and their keys (RFC 7517) from <see cref="ClientKeys"/>.
/// </summary>
internal static class ClientsFeature
{
    public static IServiceCollection AddClients(this IServiceCollection services) => services
        .AddChangeWatch()
        .AddSingleton<ClientCatalog>()
        .AddSingleton<KeySetDownload>()
        .AddSingleton<ClientKeys>()
        .AddSingleton<ClientSignatures>()
        .AddScoped<SectorDocuments>()
        .AddScoped<ClientAftermath>()
        .AddScoped<ClientRegistry>()
        .AddSingleton<ClientComparison>()
        .AddSingleton<RegisteredAlgorithms>()
        .AddCors()
        .AddSingleton<ICorsPolicyProvider, CrossOriginPolicies>()
        // Closed types win over the library's open ones, whatever the order of registration.
        .AddScoped<IOpenIddictApplicationCache<Client>, ClientCache>()
        .AddScoped<OpenIddictApplicationManager<Client>, ClientManager>();
}
