using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Jobs;

/// <summary>
/// Recurring work, at one node at a time where it must be, and the watch for other nodes' changes.
/// Rows: Lease, one per job, for ever.
/// </summary>
internal static class JobsFeature
{
    public static IServiceCollection AddJobs(this IServiceCollection services) => services
        .AddSingleton<Leases>()
        .AddChangeWatch()
        .AddHostedService<JobRunner>();
}
