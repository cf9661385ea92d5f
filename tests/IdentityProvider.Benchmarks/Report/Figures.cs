namespace IdentityProvider.Benchmarks.Report;

/// <summary>What was measured of one workload on one server: medians over the rounds.</summary>
internal sealed record Figures
{
    public double PerSecond { get; init; }

    public double P50Microseconds { get; init; }

    public double P99Microseconds { get; init; }

    /// <summary>User and system time of the server process for each operation: the figure to compare.</summary>
    public double CpuMicroseconds { get; init; }

    /// <summary>Half the distance between the best and the worst round, as a share of the median.</summary>
    public double CpuSpread { get; init; }

    public double? SqlCommands { get; init; }

    public double? AllocatedBytes { get; init; }

    public static Figures From(IReadOnlyList<Load.Sample> rounds)
    {
        var cpu = rounds.Select(round => round.CpuMicroseconds).ToList();
        return new Figures
        {
            PerSecond = Median(rounds.Select(round => round.PerSecond)),
            P50Microseconds = Median(rounds.Select(round => round.Percentile(0.50))),
            P99Microseconds = Median(rounds.Select(round => round.Percentile(0.99))),
            CpuMicroseconds = Median(cpu),
            CpuSpread = (cpu.Max() - cpu.Min()) / 2 / Median(cpu),
        };
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
