using IdentityProvider.Benchmarks.Servers;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Benchmarks.Reference;

/// <summary>The clients of the benchmark, as OpenIddict's managers store them.</summary>
internal static class ReferenceClients
{
    public static async Task AddAsync(IServiceProvider services)
    {
        var clients = services.GetRequiredService<IOpenIddictApplicationManager>();
        var scopes = services.GetRequiredService<IOpenIddictScopeManager>();
        if (await clients.FindByClientIdAsync(Cast.Portal) is not null)
        {
            return;
        }

        await clients.CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = Cast.Portal, ClientSecret = Cast.PortalSecret, ConsentType = ConsentTypes.Implicit,
            RedirectUris = { new Uri(Cast.RedirectUri) },
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.PushedAuthorization, Permissions.Endpoints.Token,
                Permissions.Endpoints.Revocation, Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.RefreshToken,
                Permissions.ResponseTypes.Code, Permissions.Scopes.Profile, Permissions.Scopes.Email,
                Permissions.Prefixes.Scope + Cast.ApiScope,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        });
        await clients.CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = Cast.Machine, ClientSecret = Cast.MachineSecret,
            Permissions =
            {
                Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials, Permissions.Prefixes.Scope + Cast.ApiScope,
            },
        });
        await clients.CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = Cast.Api, ClientSecret = Cast.ApiSecret, Permissions = { Permissions.Endpoints.Introspection },
        });
        await scopes.CreateAsync(new OpenIddictScopeDescriptor
        {
            // Introspection is for clients that are an audience of the token.
            Name = Cast.ApiScope, Resources = { Cast.Api },
        });
    }
}
