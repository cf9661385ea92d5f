using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks;

/// <summary>What was asked for on the command line.</summary>
internal sealed record BenchmarkOptions
{
    public DatabaseKind Database { get; init; }

    public int Rounds { get; init; } = 5;

    public TimeSpan RoundTime { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    public IReadOnlyList<string> Workloads { get; init; } = [];

    public FileInfo? Output { get; init; }

    public FileInfo? Compare { get; init; }

    /// <summary>A Host that was published already.</summary>
    public DirectoryInfo? Host { get; init; }

    /// <summary>Another Host that was published already, to be measured beside the first in one run.</summary>
    public DirectoryInfo? Against { get; init; }

    public bool WithoutReference { get; init; }

    /// <summary>Nothing is counted, and no start and no rest is measured.</summary>
    public bool OnlyLoad { get; init; }

    /// <summary>Sizes of databases, in token rows, that are compared with an empty one.</summary>
    public IReadOnlyList<int> Fill { get; init; } = [];

    /// <summary>A picture of how cost grows.</summary>
    public FileInfo? Plot { get; init; }

    /// <summary>How long everything runs at once.</summary>
    public TimeSpan Soak { get; init; }

    /// <summary>Few and many live sessions are compared.</summary>
    public bool Sessions { get; init; }

    /// <summary>Rounds with and without pruning are compared.</summary>
    public bool Pruning { get; init; }

    /// <summary>The decision endpoint is compared with introspection.</summary>
    public bool Decisions { get; init; }

    /// <summary>How many expired tokens wait for it.</summary>
    public int Expired { get; init; }

    /// <summary>Only what can be counted, against the budget.</summary>
    public bool Short { get; init; }

    public bool RenewBudget { get; init; }

    public bool ShowStatements { get; init; }
}
