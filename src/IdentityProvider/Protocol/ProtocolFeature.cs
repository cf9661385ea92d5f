using System.Security.Cryptography;
using IdentityProvider.Configuration;
using IdentityProvider.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.Server;
using OpenIddict.Server.DataProtection;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>
/// The library with everything that all protocol features share: stores, endpoints, token formats and lifetimes,
/// the configured issuer, and the safe defaults that are no feature's own.
/// Options: IdentityProvider:Tokens, IdentityProvider:OutgoingRequests.
/// </summary>
internal static class ProtocolFeature
{
    /// <param name="features">Adds the handlers of the features, in their order of work.</param>
    public static OpenIddictBuilder AddProtocol(this IServiceCollection services, Action<OpenIddictServerBuilder> features)
    {
        services.AddSettings<TokenOptions>(TokenOptions.Section);
        services.AddSettings<OutgoingRequestsOptions>(OutgoingRequestsOptions.Section);
        services.AddSingleton<OutgoingGuard>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, ConfigureServer>();
        services.AddSingleton<IPostConfigureOptions<OpenIddictServerOptions>, AbsoluteEndpoints>();
        services.AddSingleton<IPostConfigureOptions<OpenIddictServerDataProtectionOptions>, TokenProtectors>();

        // The library adds its own only where there is none.
        services.AddEventDispatcher();
        return services.AddOpenIddict()
            .AddCore(core =>
            {
                core.Services.AddStores();
                core.ReplaceAuthorizationManager<Grant, GrantManager>();
                core.ReplaceTokenManager<Token, TokenManager>();
                NameManagers(core.Services);
                core.Services.AddScoped<IOpenIddictTokenCache<Token>, TokenCache>();
                core.Services.AddScoped<IOpenIddictAuthorizationCache<Grant>, GrantCache>();
            })
            .AddServer(server =>
            {
                UseEndpoints(server);
                UseTokenFormats(server);
                server
                    .Replace(EndpointOfRequest.BuiltIn, EndpointOfRequest.Descriptor)
                    .Add(RefuseRepeatedParameters.Authorization)       // RFC 6749 §3.1
                    .Add(RefuseRepeatedParameters.PushedAuthorization)
                    .Add(RefuseRepeatedParameters.Token)               // §3.2
                    .Add(RefuseRepeatedParameters.Introspection)
                    .Add(RefuseRepeatedParameters.Revocation)
                    .Add(RefuseRepeatedParameters.DeviceAuthorization)
                    .Add(RefuseRepeatedParameters.EndSession)
                    .Replace(RequireResourceUris.AuthorizationBuiltIn, RequireResourceUris.Authorization) // RFC 8707 §2
                    .Replace(RequireResourceUris.TokenBuiltIn, RequireResourceUris.Token)
                    .Add(NoSecretsInQuery.UserInfo)                    // RFC 9700 §4.3.2
                    .Add(NoSecretsInQuery.Introspection)               // RFC 7662 §2.1
                    .Add(EmitConfiguredIssuer.InTokens)                // OpenID Connect Discovery §3: byte for byte
                    .Add(EmitConfiguredIssuer.InMetadata)
                    .Add(EmitConfiguredIssuer.InAuthorizationResponse) // RFC 9207
                    .Add(EmitConfiguredIssuer.InIntrospection)
                    .Replace(ForJsonWebTokens.SubjectBuiltIn, ForJsonWebTokens.Subject)
                    .Replace(ForJsonWebTokens.MetadataBuiltIn, ForJsonWebTokens.Metadata)
                    .Replace(ForNewPrincipals.ValidateBuiltIn, ForNewPrincipals.Validate)
                    .Replace(ForNewPrincipals.RestoreBuiltIn, ForNewPrincipals.Restore)
                    .Replace(JsonResponses.BuiltIn<ApplyTokenResponseContext>(), JsonResponses.Ours<ApplyTokenResponseContext>())
                    .Replace(JsonResponses.BuiltIn<ApplyIntrospectionResponseContext>(), JsonResponses.Ours<ApplyIntrospectionResponseContext>())
                    .Replace(JsonResponses.BuiltIn<ApplyUserInfoResponseContext>(), JsonResponses.Ours<ApplyUserInfoResponseContext>())
                    .Replace(JsonResponses.BuiltIn<ApplyPushedAuthorizationResponseContext>(), JsonResponses.Ours<ApplyPushedAuthorizationResponseContext>())
                    .Add(WithoutInternalClaims.Descriptor)             // id_tokens carry nothing of the library's own
                    .Add(WithoutErrorUri.InErrors)
                    .Add(WithoutErrorUri.InChallenges)
                    .UseErrorDescriptions()                            // RFC 6749 §5.2
                    .Add(CacheHeaders.Metadata)
                    .Add(CacheHeaders.Keys)
                    .Add(CacheHeaders.UserInfo)
                    .Add(CacheHeaders.Introspection);
                features(server);
            });
    }

    // Which they are is known here; the library would work their types out for every request.
    private static void NameManagers(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Scoped<IOpenIddictApplicationManager>(scope => scope.GetRequiredService<OpenIddictApplicationManager<Client>>()));
        services.Replace(ServiceDescriptor.Scoped<IOpenIddictAuthorizationManager>(scope => scope.GetRequiredService<OpenIddictAuthorizationManager<Grant>>()));
        services.Replace(ServiceDescriptor.Scoped<IOpenIddictScopeManager>(scope => scope.GetRequiredService<OpenIddictScopeManager<Scope>>()));
        services.Replace(ServiceDescriptor.Scoped<IOpenIddictTokenManager>(scope => scope.GetRequiredService<OpenIddictTokenManager<Token>>()));
    }

    private static void UseEndpoints(OpenIddictServerBuilder server) => server
        .SetConfigurationEndpointUris(Relative(Endpoints.Configuration), Relative(Endpoints.AuthorizationServerMetadata))
        .SetJsonWebKeySetEndpointUris(Relative(Endpoints.JsonWebKeySet))
        .SetAuthorizationEndpointUris(Relative(Endpoints.Authorization))
        .SetPushedAuthorizationEndpointUris(Relative(Endpoints.PushedAuthorization))
        .SetTokenEndpointUris(Relative(Endpoints.Token))
        .SetUserInfoEndpointUris(Relative(Endpoints.UserInfo))
        .SetIntrospectionEndpointUris(Relative(Endpoints.Introspection))
        .SetRevocationEndpointUris(Relative(Endpoints.Revocation))
        .SetEndSessionEndpointUris(Relative(Endpoints.EndSession))
        .AllowAuthorizationCodeFlow()
        .AllowRefreshTokenFlow()
        .AllowClientCredentialsFlow()
        .AllowImplicitFlow()
        .AllowHybridFlow()
        // A client gets only what it registered. An access token alone, with nothing to tell whom it was made for, nobody gets (RFC 9700 §2.1.2).
        .Configure(options => options.ResponseTypes.Remove(ResponseTypes.Token))
        // Scopes and resources live in our own catalog, read from memory; the library would ask the database for each request.
        .DisableScopeValidation()
        .DisableResourceValidation()
        .IgnoreScopePermissions()
        .IgnoreResourcePermissions()
        .UseAspNetCore()
            .EnableAuthorizationEndpointPassthrough()
            .EnableEndSessionEndpointPassthrough()
            .EnableStatusCodePagesIntegration()
            .SuppressJsonResponseIndentation()
            .DisableTransportSecurityRequirement();         // the issuer's scheme is checked at start, once and for all

    private static void UseTokenFormats(OpenIddictServerBuilder server)
    {
        server.DisableAccessTokenEncryption();
        server.UseReferenceRefreshTokens();

        // Codes and refresh tokens are rows that only we read: protected by Data Protection, with no signature to pay for.
        server.UseDataProtection().PreferDefaultAccessTokenFormat();

        // The library insists on an encryption key although nothing here is a JWE; this one lives and dies with the process.
        server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
    }

    private static Uri Relative(string path) => new(path.TrimStart('/'), UriKind.Relative);

    private sealed class ConfigureServer(Issuer issuer, IOptions<TokenOptions> tokens) : IConfigureOptions<OpenIddictServerOptions>
    {
        public void Configure(OpenIddictServerOptions options)
        {
            options.Issuer = issuer.Address;
            options.TokenValidationParameters.ValidIssuers = [issuer.Value];
            options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
            options.AuthorizationCodeLifetime = TokenOptions.AuthorizationCodeLifetime;
            options.AccessTokenLifetime = tokens.Value.AccessTokenLifetime;
            options.IdentityTokenLifetime = tokens.Value.IdentityTokenLifetime;
            options.RefreshTokenLifetime = tokens.Value.RefreshTokenIdleLifetime;
            options.RefreshTokenReuseLeeway = TokenOptions.RefreshTokenRetryLeeway;
        }
    }
}
