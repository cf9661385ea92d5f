using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Policies;

/// <summary>
/// Conditions that permit and forbid beyond what roles grant: owned by resources, written as expressions (docs/policies.md).
/// </summary>
internal static class PoliciesFeature
{
    public static IServiceCollection AddPolicies(this IServiceCollection services) => services
        .AddChangeWatch()
        .AddSingleton<PolicyCatalog>();
}
