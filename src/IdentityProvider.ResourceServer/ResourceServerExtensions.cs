using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.ResourceServer;

/// <summary>Protects an API with the access tokens of an identity provider.</summary>
public static class ResourceServerExtensions
{
    /// <summary>
    /// Makes the access tokens of one identity provider the way callers prove who they are (RFC 9068, RFC 6750).
    /// </summary>
    /// <param name="services">The API's services.</param>
    /// <param name="configure">Names the identity provider and this API; <see cref="ResourceServerOptions.Authority"/> and
    /// <see cref="ResourceServerOptions.Audience"/> are required.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="OptionsValidationException">At start: a setting is missing or unsafe.</exception>
    /// <remarks>
    /// <para>A token is accepted only when its header says <c>typ</c> <c>at+jwt</c>, it is signed by a published key with an
    /// algorithm of <see cref="ResourceServerOptions.ValidAlgorithms"/>, its <c>iss</c> equals the authority byte for byte,
    /// its <c>aud</c> holds the audience, and it has an <c>exp</c> that is not over.</para>
    /// <para>Claims keep their names on the wire; <c>User.Identity.Name</c> is the <c>sub</c>.
    /// An endpoint is protected by <c>RequireAuthorization()</c>, <c>RequireScope(…)</c> or <c>[RequireScope(…)]</c>;
    /// one that has none of them stays open.</para>
    /// <para>Refusals follow RFC 6750 section 3: 401 with <c>WWW-Authenticate: Bearer</c> when there is no token,
    /// with <c>error="invalid_token"</c> when it is no good, and 403 with <c>error="insufficient_scope"</c> and the scope
    /// needed when it does not reach far enough.</para>
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddIdentityProviderResourceServer(options =>
    /// {
    ///     options.Authority = "https://id.example.com";
    ///     options.Audience = "https://notes.example.com";
    /// });
    /// // …
    /// app.MapGet("/notes", (ClaimsPrincipal user) => …).RequireScope("notes.read");
    /// </code>
    /// </example>
    public static IServiceCollection AddIdentityProviderResourceServer(
        this IServiceCollection services, Action<ResourceServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ResourceServerOptions>, ResourceServerOptionsValidator>());
        services.AddOptions<ResourceServerOptions>().Configure(configure).ValidateOnStart();

        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        // After AddJwtBearer, so that nothing in the section Authentication:Schemes loosens what is set here.
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IConfigureOptions<JwtBearerOptions>, AccessTokenValidation>());

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, RequiredScopesHandler>());
        services.AddAuthorization();
        return services;
    }

    /// <summary>Requires every one of these scopes of the access token (RFC 6749 section 3.3).</summary>
    /// <param name="endpoint">The endpoint or group of endpoints.</param>
    /// <param name="scopes">At least one scope; all are needed.</param>
    /// <returns>The same endpoint.</returns>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new RequireScopeAttribute(scopes));

    /// <summary>Requires every one of these scopes in a policy that asks for other things too.</summary>
    /// <param name="policy">The policy being built.</param>
    /// <param name="scopes">At least one scope; all are needed.</param>
    /// <returns>The same policy.</returns>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder policy, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(policy);

        return policy.RequireAuthenticatedUser().AddRequirements(new RequiredScopes(scopes));
    }
}
