using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Report;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks;

/// <summary>The long form: everything measured in interleaved rounds, so that noise falls on all.</summary>
internal static class BenchmarkRun
{
    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        var workloads = AllWorkloads.Named(options.Workloads);
        var folder = Directory.CreateTempSubdirectory("identityprovider-benchmarks-").FullName;
        try
        {
            var host = options.Host is { } given ? PublishedHost.In(given.FullName) : await PublishedHost.PublishAsync(folder);
            await using var storage = await HostStorage.CreateAsync(folder, "storage", options.Database);
            await using var ours = await HostServer.StartAsync(host, storage);
            await using var form = await OwnServers.StartFormAsync(folder);
            await using var reference = options.WithoutReference ? null : await OwnServers.StartReferenceAsync(folder);

            using var matrix = new Matrix();
            matrix.Add(new FormWorkload(), form);
            foreach (var workload in workloads)
            {
                matrix.Add(workload, ours);
                if (reference is not null && workload.RunsOn(reference))
                {
                    matrix.Add(workload, reference);
                }
            }

            await matrix.MeasureAsync(options);
            Console.WriteLine(ResultTable.Render(matrix.Results()));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
