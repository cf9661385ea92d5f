using IdentityProvider.Benchmarks.Load.Workloads;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>The workloads in the order in which they run and are shown.</summary>
internal static class AllWorkloads
{
    private static Workload[] InOrder(LogoutReceiver receiver) =>
    [
        new DiscoveryWorkload(), new KeySetWorkload(), new ClientCredentialsWorkload(), new IntrospectionWorkload(), new UserInfoWorkload(),
        new CodeFlowWorkload(), new RefreshWorkload(), new PushedCodeFlowWorkload(), new SilentWorkload(), new LoginWorkload(),
        new LogoutWorkload(receiver),
    ];

    /// <summary>Those that were asked for; all of them without names.</summary>
    public static IReadOnlyList<Workload> Named(IReadOnlyList<string> names, LogoutReceiver receiver)
    {
        var all = InOrder(receiver);
        var unknown = names.Except(all.Select(workload => workload.Name)).ToList();
        return unknown.Count > 0
            ? throw new BenchmarkException(
                $"No workload is called {string.Join(", ", unknown)}: there are {string.Join(", ", all.Select(workload => workload.Name))}.")
            : names.Count == 0 ? all : [.. all.Where(workload => names.Contains(workload.Name))];
    }
}
