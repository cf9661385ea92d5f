using System.Runtime.InteropServices;
using System.Text.Json;
using IdentityProvider.Benchmarks.Counting;

namespace IdentityProvider.Benchmarks.Report;

/// <summary>Everything that a run found out; this is the JSON file.</summary>
internal sealed record RunResult
{
    private static readonly JsonSerializerOptions format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
    };

    public DateTimeOffset MeasuredAt { get; init; }

    public string Machine { get; init; } = "";

    public string Database { get; init; } = "";

    public int Rounds { get; init; }

    public double SecondsPerRound { get; init; }

    /// <summary>By workload, then by server.</summary>
    public Dictionary<string, Dictionary<string, Figures>> Workloads { get; init; } = [];

    /// <summary>By workload, of the Host.</summary>
    public Dictionary<string, Counts> Counted { get; init; } = [];

    /// <summary>CPU microseconds each.</summary>
    public Dictionary<string, double> Limits { get; init; } = [];

    public HostFigures Host { get; init; } = new();

    /// <summary>A result of this run, without figures.</summary>
    public static RunResult Of(BenchmarkOptions options) => new()
    {
        MeasuredAt = TimeProvider.System.GetUtcNow(),
        Machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
        Database = options.Database.ToString(),
        Rounds = options.Rounds,
        SecondsPerRound = options.RoundTime.TotalSeconds,
    };

    public async Task WriteAsync(FileInfo file)
    {
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, this, format);
    }

    public static async Task<RunResult> ReadAsync(FileInfo file)
    {
        await using var stream = file.OpenRead();
        return await JsonSerializer.DeserializeAsync<RunResult>(stream, format) ?? throw new BenchmarkException($"{file} is not a result.");
    }
}

/// <summary>What the Host takes apart from operations.</summary>
internal sealed record HostFigures
{
    /// <summary>From the start of the process to the first 200 on discovery, on a database that exists; the median of three.</summary>
    public double ReadyMilliseconds { get; init; }

    /// <summary>Resident, a minute after a start without requests.</summary>
    public double IdleMegabytes { get; init; }

    /// <summary>Resident, at the end of all rounds.</summary>
    public double BusyMegabytes { get; init; }

    /// <summary>Resident, half a minute after all rounds.</summary>
    public double LoadedMegabytes { get; init; }
}
