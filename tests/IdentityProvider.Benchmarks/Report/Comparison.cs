using System.Globalization;
using System.Text;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Report;

/// <summary>The change of each figure of the Host against an earlier run, in per cent.</summary>
internal static class Comparison
{
    public static string Render(RunResult before, RunResult after)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Change against {before.MeasuredAt:yyyy-MM-dd HH:mm} ({before.Database}). \"us/ref\" is CPU as a share of the reference server's in the same run: it changes least with the machine.");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{"",-19}{"CPU us",20}{"",8}{"us/ref",8}{"req/s",8}{"p50",8}{"p99",8}{"SQL",12}{"bytes",8}");
        foreach (var (workload, servers) in after.Workloads)
        {
            if (servers.GetValueOrDefault(HostServer.Name) is { } now
                && before.Workloads.GetValueOrDefault(workload)?.GetValueOrDefault(HostServer.Name) is { } then)
            {
                var (counted, countedThen) = (after.Counted.GetValueOrDefault(workload), before.Counted.GetValueOrDefault(workload));
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"{workload,-19}{then.CpuMicroseconds,10:0} ->{now.CpuMicroseconds,7:0}{Change(then.CpuMicroseconds, now.CpuMicroseconds),8}"
                    + $"{Change(Share(before, workload), Share(after, workload)),8}{Change(then.PerSecond, now.PerSecond),8}"
                    + $"{Change(then.P50Microseconds, now.P50Microseconds),8}{Change(then.P99Microseconds, now.P99Microseconds),8}"
                    + $"{countedThen?.SqlCommands,6} ->{counted?.SqlCommands,3}{Change(countedThen?.AllocatedBytes, counted?.AllocatedBytes),8}");
            }
        }

        text.AppendLine(CultureInfo.InvariantCulture,
            $"Limits: {string.Join(", ", after.Limits.Select(limit => $"{limit.Key} {Change(before.Limits.GetValueOrDefault(limit.Key), limit.Value)}"))}");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Host: ready {Change(before.Host.ReadyMilliseconds, after.Host.ReadyMilliseconds)}, idle memory {Change(before.Host.IdleMegabytes, after.Host.IdleMegabytes)}, "
            + $"at the end of the load {Change(before.Host.BusyMegabytes, after.Host.BusyMegabytes)}, half a minute after the load {Change(before.Host.LoadedMegabytes, after.Host.LoadedMegabytes)}");
        return text.ToString();
    }

    private static double? Share(RunResult result, string workload) => result.Workloads[workload].TryGetValue("reference", out var reference)
        ? result.Workloads[workload][HostServer.Name].CpuMicroseconds / reference.CpuMicroseconds
        : null;

    private static string Change(double? before, double? after) => before is > 0 && after is > 0
        ? ((after.Value / before.Value) - 1).ToString("+0%;-0%;0%", CultureInfo.InvariantCulture)
        : "";
}
