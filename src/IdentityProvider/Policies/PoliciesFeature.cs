using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Policies;

/// <summary>
/// What permits and forbids beyond what roles grant: conditions over who asks, what for and in which circumstances, kept with the resource that they
/// belong to (docs/policies.md). In Data's ApiResource. Nothing of it is read or made ready before somebody asks.
/// </summary>
internal static class PoliciesFeature
{
    public static IServiceCollection AddPolicies(this IServiceCollection services) => services
        .AddChangeWatch()
        .AddSingleton<PolicyCatalog>()
        .AddScoped<ResourcePolicies>();
}
