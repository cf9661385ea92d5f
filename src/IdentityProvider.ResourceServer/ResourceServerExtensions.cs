using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.ResourceServer;

/// <summary>Protects an API with the access tokens of an identity provider.</summary>
public static class ResourceServerExtensions
{
    /// <summary>The name of the HttpClient that asks the identity provider: for a proxy, a certificate of your own, a test.</summary>
    public const string HttpClientName = ProviderMetadata.HttpClientName;

    /// <summary>
    /// Makes the access tokens of one identity provider the way callers prove who they are (RFC 9068, RFC 6750).
    /// </summary>
    /// <param name="services">The API's services.</param>
    /// <param name="authority">The issuer identifier, byte for byte as the identity provider writes it.</param>
    /// <param name="audience">The identifier of this API as registered with the identity provider.</param>
    /// <param name="configure">Everything else that can be set; null leaves the defaults.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="OptionsValidationException">At start: a setting is missing or unsafe.</exception>
    /// <remarks>
    /// <para>A token is accepted only when its header says <c>typ</c> <c>at+jwt</c>, it is signed by a published key with an
    /// algorithm of <see cref="ResourceServerOptions.ValidAlgorithms"/>, its <c>iss</c> equals the authority byte for byte,
    /// its <c>aud</c> holds the audience, its time has come and is not over, and it is not bound to a key (<c>cnf</c>).
    /// With <see cref="ResourceServerOptions.Introspection"/> the identity provider is asked as well, or instead.</para>
    /// <para>Claims keep their names on the wire; <c>User.Identity.Name</c> is the <c>sub</c>, <c>User.IsInRole</c> reads <c>roles</c>.
    /// An endpoint is protected by <c>RequireAuthorization()</c> or a guard, such as <c>RequirePermission(…)</c>;
    /// one that has none of them stays open.</para>
    /// <para>A permission is the person's, a scope is what they let the client do: ask for both. Otherwise every client that a person signs in
    /// to, for whatever little it was granted, may do here all that the person may.</para>
    /// <para>Refusals follow RFC 6750 section 3: 401 with <c>WWW-Authenticate: Bearer</c> when there is no token,
    /// with <c>error="invalid_token"</c> when it is no good; 403 with <c>error="insufficient_scope"</c> when a scope is missing, and 403
    /// with a problem document (RFC 9457) that names the permission or role when one of these is. 503 when the identity provider would have
    /// to say whether a token is good, and does not.</para>
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddIdentityProviderAuthentication("https://id.example.com", "https://posts.example.com");
    /// // …
    /// app.MapDelete("/posts/{id}", (int id) => …).RequireScope("posts.write").RequirePermission("posts.delete");
    /// </code>
    /// </example>
    public static IServiceCollection AddIdentityProviderAuthentication(
        this IServiceCollection services, string authority, string audience, Action<ResourceServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ResourceServerOptions>, ResourceServerOptionsValidator>());
        services.AddOptions<ResourceServerOptions>()
            .Configure(options =>
            {
                (options.Authority, options.Audience) = (authority, audience);
                configure?.Invoke(options);
            })
            .ValidateOnStart();

        services.AddProvider();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        // After AddJwtBearer, so that nothing in the section Authentication:Schemes loosens what is set here.
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IConfigureOptions<JwtBearerOptions>, AccessTokenValidation>());
        services.AddGuards();
        return services;
    }

    private static void AddProvider(this IServiceCollection services)
    {
        services.AddHttpClient(HttpClientName, static (provider, client) =>
            {
                client.Timeout = provider.GetRequiredService<IOptions<ResourceServerOptions>>().Value.ProviderTimeout;
                // 10,000 permissions of one person are some 200 kB.
                client.MaxResponseContentBufferSize = 4 * 1024 * 1024;
            })
            // The token and the secret go where the discovery document says, and no further.
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.TryAddSingleton<ProviderMetadata>();
        services.TryAddSingleton<TokenIntrospection>();
        services.TryAddSingleton<PermissionLookup>();
    }

    private static void AddGuards(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IAuthorizationHandler, RequiredScopesHandler>(),
            ServiceDescriptor.Singleton<IAuthorizationHandler, RequiredPermissionsHandler>(),
            ServiceDescriptor.Singleton<IAuthorizationHandler, RolesLookup>(),
            ServiceDescriptor.Singleton<IAuthorizationHandler, RequiredAuthenticationContextHandler>(),
            ServiceDescriptor.Singleton<IAuthorizationHandler, RequiredOwnershipHandler>(),
            ServiceDescriptor.Singleton<IAuthorizationHandler, AttributeRuleHandler>(),
        ]);
        services.AddAuthorization();
        GuardPolicyProvider.AddTo(services);
    }
}
