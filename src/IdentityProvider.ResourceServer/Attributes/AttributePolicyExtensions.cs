using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>Attribute policies by name, as ASP.NET Core's policies are used: <c>RequireAuthorization("…")</c>, <c>[Authorize("…")]</c>,
/// <c>IAuthorizationService.AuthorizeAsync(user, resource, "…")</c>.</summary>
public static class AttributePolicyExtensions
{
    /// <summary>Adds an attribute policy. It also requires a good access token.</summary>
    /// <param name="options">The application's policies.</param>
    /// <param name="name">The name of the policy.</param>
    /// <param name="build">Adds its rules.</param>
    /// <exception cref="ArgumentException">There is no rule: such a policy would allow everything.</exception>
    public static void AddAttributePolicy(this AuthorizationOptions options, string name, Action<AttributePolicyBuilder> build)
    {
        ArgumentNullException.ThrowIfNull(options);

        options.AddPolicy(name, Build(name, build));
    }

    /// <inheritdoc cref="AddAttributePolicy(AuthorizationOptions, string, Action{AttributePolicyBuilder})" />
    /// <param name="builder">The application's policies.</param>
    /// <returns>The same builder.</returns>
    public static AuthorizationBuilder AddAttributePolicy(this AuthorizationBuilder builder, string name, Action<AttributePolicyBuilder> build)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.AddPolicy(name, Build(name, build));
    }

    private static AuthorizationPolicy Build(string name, Action<AttributePolicyBuilder> build)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(build);

        var policy = new AttributePolicyBuilder(name);
        build(policy);
        return policy.Rules.Count > 0
            ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements([.. policy.Rules]).Build()
            : throw new ArgumentException($"The attribute policy {name} has no rule.", nameof(build));
    }
}
