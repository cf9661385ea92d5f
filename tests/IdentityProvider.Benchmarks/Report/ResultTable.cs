using System.Globalization;
using System.Text;

namespace IdentityProvider.Benchmarks.Report;

/// <summary>The results as people read them.</summary>
internal static class ResultTable
{
    public static string Render(Dictionary<string, Dictionary<string, Figures>> results)
    {
        var text = new StringBuilder();
        text.AppendLine("workload            server       CPU us/op     +-   req/s   p50 us   p99 us");
        foreach (var (workload, servers) in results)
        {
            foreach (var (server, figures) in servers)
            {
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"{workload,-19} {server,-11} {figures.CpuMicroseconds,10:0} {figures.CpuSpread,5:0%} {figures.PerSecond,8:0} {figures.P50Microseconds,8:0} {figures.P99Microseconds,8:0}");
            }
        }

        return text.ToString();
    }
}
