using System.Text;
using IdentityProvider.Benchmarks.Report;

namespace IdentityProvider.Benchmarks.Growth;

/// <summary>How CPU per operation grows with the database: a line for each workload, as an SVG picture.</summary>
internal static class GrowthPlot
{
    private const int Width = 720;
    private const int Height = 400;
    private const int Left = 50;
    private const int Right = 170;
    private const int Top = 20;
    private const int Bottom = 40;
    private const double Highest = 1.6;

    private static readonly string[] colors =
    [
        "#1b6ca8", "#c0392b", "#1e8449", "#8e44ad", "#b9770e", "#117a65", "#5d6d7e", "#d35400", "#2e4053", "#a93226", "#7d6608",
    ];

    public static string Render(RunResult result, IReadOnlyList<string> hosts, double most)
    {
        var text = new StringBuilder();
        text.AppendLine($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        text.AppendLine($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>");
        foreach (var height in new[] { 0.8, 1.0, most, 1.4, Highest }.Distinct())
        {
            text.AppendLine($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(height):0}\" y2=\"{Y(height):0}\" stroke=\"{(height == most ? "#c0392b" : "#ccc")}\"/>");
            text.AppendLine($"<text x=\"{Left - 8}\" y=\"{Y(height) + 4:0}\" text-anchor=\"end\">{height:0.0}</text>");
        }

        for (var index = 0; index < hosts.Count; index++)
        {
            text.AppendLine($"<text x=\"{X(index, hosts.Count):0}\" y=\"{Height - 14}\" text-anchor=\"middle\">{hosts[index]}</text>");
        }

        var number = 0;
        foreach (var (workload, figures) in result.Workloads)
        {
            var color = colors[number % colors.Length];
            var points = hosts.Select((host, index) =>
                $"{X(index, hosts.Count):0},{Y(figures[host].CpuMicroseconds / figures[hosts[0]].CpuMicroseconds):0.0}");
            text.AppendLine($"<polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"2\" points=\"{string.Join(' ', points)}\"/>");
            text.AppendLine($"<text x=\"{Width - Right + 20}\" y=\"{Top + 14 + (18 * number++)}\" fill=\"{color}\">{workload}</text>");
        }

        return text.AppendLine("</svg>").ToString();
    }

    private static double X(int index, int count) => Left + 30 + (index * (Width - Left - Right - 60.0) / Math.Max(count - 1, 1));

    private static double Y(double value) =>
        Height - Bottom - ((Math.Clamp(value, 0.6, Highest) - 0.6) / (Highest - 0.6) * (Height - Top - Bottom));
}
