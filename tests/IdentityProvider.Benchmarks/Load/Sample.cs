using System.Diagnostics;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>What one round of one workload came to.</summary>
/// <param name="Latencies">Of each operation, in ticks of the stopwatch.</param>
internal sealed record Sample(TimeSpan Elapsed, TimeSpan CpuTime, IReadOnlyList<long> Latencies)
{
    public int Operations => Latencies.Count;

    public double PerSecond => Operations / Elapsed.TotalSeconds;

    public double CpuMicroseconds => CpuTime.TotalMicroseconds / Operations;

    /// <summary>In microseconds.</summary>
    public double Percentile(double share)
    {
        long[] sorted = [.. Latencies.Order()];
        return Stopwatch.GetElapsedTime(0, sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(share * sorted.Length) - 1)]).TotalMicroseconds;
    }
}
