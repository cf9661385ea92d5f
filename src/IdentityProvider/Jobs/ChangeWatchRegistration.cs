using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IdentityProvider.Jobs;

/// <summary>Lets every capability that keeps a cache ask for the watch.</summary>
internal static class ChangeWatchRegistration
{
    public static IServiceCollection AddChangeWatch(this IServiceCollection services)
    {
        services.TryAddSingleton<ChangeWatch>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<RecurringJob, ChangeWatchJob>());
        return services;
    }
}
