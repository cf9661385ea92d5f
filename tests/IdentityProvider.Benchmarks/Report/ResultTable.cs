using System.Text;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Report;

/// <summary>The results as people read them.</summary>
internal static class ResultTable
{
    public static string Render(RunResult result)
    {
        var text = new StringBuilder();
        Line(text, $"{result.Machine}; {result.Database}; {result.Rounds} rounds of {result.SecondsPerRound:0.#} s");
        Line(text, $"");
        Line(text, $"Server CPU per operation in microseconds; \"of\" is the share of the reference server's, \"limit\" the multiple of the limit.");
        Line(text, $"");
        Line(text, $"{"",-19}{"host",8}{"+-",6}{"reference",11}{"of",9}{"must",7}{"limit",9}{"aim",6}   {"req/s",7}{"p50 ms",8}{"p99 ms",8}{"p99/50",8}{"SQL",5}{"kB",8}");
        foreach (var (workload, servers) in result.Workloads)
        {
            if (servers.TryGetValue(HostServer.Name, out var figures))
            {
                Line(text, $"{Row(result, workload, figures, servers.GetValueOrDefault("reference"))}");
            }
        }

        Line(text, $"");
        Line(text, $"Limits, CPU microseconds: {string.Join(", ", result.Limits.Select(limit => $"{limit.Key} {limit.Value:0.#}"))}");
        if (result.Host.ReadyMilliseconds > 0)
        {
            var host = result.Host;
            Line(text, $"Ready after {host.ReadyMilliseconds:0} ms ({Verdict(host.ReadyMilliseconds, Goal.MostReady.TotalMilliseconds)}); "
                + $"idle {host.IdleMegabytes:0} MB ({Verdict(host.IdleMegabytes, Goal.MostIdleMegabytes)}); "
                + $"at the end of the load {host.BusyMegabytes:0} MB, half a minute after it {host.LoadedMegabytes:0} MB ({Verdict(host.LoadedMegabytes, Goal.MostLoadedMegabytes)})");
        }

        return text.ToString();
    }

    private static string Row(RunResult result, string workload, Figures figures, Figures? reference)
    {
        var goal = Goal.Of(workload);
        var (share, must, multiple, aim) = ("", "", "", "");
        if (reference is not null)
        {
            share = $"1/{reference.CpuMicroseconds / figures.CpuMicroseconds:0.0}";
            must = goal?.MostOfReference is { } most
                ? $"1/{1 / most:0}{(figures.CpuMicroseconds <= reference.CpuMicroseconds * most ? "" : "!")}" : "";
        }

        if (goal?.Limit is { } limit && result.Limits.Count > 1)
        {
            var times = figures.CpuMicroseconds / limit(result.Limits);
            multiple = $"{times:0.0}x";
            aim = $"{goal.Factor:0.#}{(times <= goal.Factor ? "" : "!")}";
        }

        var spread = figures.P99Microseconds / figures.P50Microseconds;
        var counted = result.Counted.GetValueOrDefault(workload);
        return $"{workload,-19}{figures.CpuMicroseconds,8:0}{figures.CpuSpread,6:0%}{reference?.CpuMicroseconds,11:0}{share,9}{must,7}{multiple,9}{aim,6}   "
            + $"{figures.PerSecond,7:0}{figures.P50Microseconds / 1000,8:0.0}{figures.P99Microseconds / 1000,8:0.0}"
            + $"{spread,7:0.0}{(spread > Goal.MostP99 ? "!" : " ")}{counted?.SqlCommands,5}{counted?.AllocatedBytes / 1000.0,8:0.0}";
    }

    private static string Verdict(double value, double most) => $"{(value <= most ? "at most" : "! at most")} {most:0}";

    // The invariant culture is the only one here (InvariantGlobalization).
    private static void Line(StringBuilder text, string line) => text.Append(line).AppendLine();

}
