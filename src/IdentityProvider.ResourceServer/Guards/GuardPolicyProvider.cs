using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.ResourceServer;

/// <summary>Makes the policies that guard attributes name; every other one is the application's.</summary>
internal sealed class GuardPolicyProvider(IAuthorizationPolicyProvider application) : IAuthorizationPolicyProvider
{
    public bool AllowsCachingPolicies => application.AllowsCachingPolicies;

    /// <summary>Goes before the provider that is there. One that is added later and does not know guards makes them throw: nobody passes.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var there = services.Last(service => service.ServiceType == typeof(IAuthorizationPolicyProvider) && !service.IsKeyedService);
        services.Add(new ServiceDescriptor(
            typeof(IAuthorizationPolicyProvider),
            provider => new GuardPolicyProvider((IAuthorizationPolicyProvider)(
                there.ImplementationInstance
                ?? there.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, there.ImplementationType!))),
            there.Lifetime));
    }

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => application.GetDefaultPolicyAsync();

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => application.GetFallbackPolicyAsync();

    public async Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
    {
        if (GuardPolicy.Parse(policyName) is not var (requirement, other))
        {
            return await application.GetPolicyAsync(policyName);
        }

        // Whoever names a policy no longer gets the default one by itself.
        var policy = new AuthorizationPolicyBuilder(await application.GetDefaultPolicyAsync());
        if (!policy.Requirements.OfType<DenyAnonymousAuthorizationRequirement>().Any())
        {
            policy.RequireAuthenticatedUser();
        }

        if (other is not null)
        {
            policy.Combine(await application.GetPolicyAsync(other) ?? throw new InvalidOperationException($"There is no policy {other}."));
        }

        return policy.AddRequirements(requirement).Build();
    }
}
