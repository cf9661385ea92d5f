using System.Diagnostics;
using System.Security.Cryptography;
using IdentityProvider.Benchmarks.Report;
using NSec.Cryptography;

namespace IdentityProvider.Benchmarks.Limits;

/// <summary>
/// What the parts of an answer cost on this machine at the least, in CPU microseconds. Measured in this process, a little in each round,
/// while no load is running.
/// </summary>
internal sealed class MachineLimits(string folder) : IDisposable
{
    private static readonly TimeSpan time = TimeSpan.FromMilliseconds(300);
    private readonly byte[] message = RandomNumberGenerator.GetBytes(600);
    private readonly ECDsa elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA rsa = RSA.Create(2048);
    private readonly DurableCommits commits = new(folder);
    private readonly PasswordBasedKeyDerivationAlgorithm argon = PasswordBasedKeyDerivationAlgorithm.Argon2id(
        new Argon2Parameters { MemorySize = 19456, NumberOfPasses = 2, DegreeOfParallelism = 1 });

    private readonly Dictionary<string, List<double>> rounds = [];

    /// <summary>Medians over the rounds so far.</summary>
    public IReadOnlyDictionary<string, double> Results => rounds.ToDictionary(limit => limit.Key, limit => Figures.Median(limit.Value));

    public void MeasureRound()
    {
        Measure(Limit.Es256, 1, () => elliptic.SignData(message, HashAlgorithmName.SHA256));
        Measure(Limit.Rs256, 1, () => rsa.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Measure(Limit.SingleCommit, 1, () => commits.Commit(1));
        Measure(Limit.BatchedCommit, DurableCommits.BatchSize, () => commits.Commit(DurableCommits.BatchSize));
        var (password, salt) = (message[..16], message[16..32]);
        Measure(Limit.Argon2id, 1, () => argon.DeriveBytes(password, salt, 32));
    }

    public void Dispose()
    {
        elliptic.Dispose();
        rsa.Dispose();
        commits.Dispose();
    }

    private void Measure(string name, int each, Action action)
    {
        action();
        using var process = Process.GetCurrentProcess();
        var (before, began, count) = (process.TotalProcessorTime, Stopwatch.GetTimestamp(), 0L);
        do
        {
            action();
            count++;
        }
        while (Stopwatch.GetElapsedTime(began) < time);

        process.Refresh();
        if (!rounds.TryGetValue(name, out var values))
        {
            values = rounds[name] = [];
        }

        values.Add((process.TotalProcessorTime - before).TotalMicroseconds / count / each);
    }
}

/// <summary>The names of the limits in results.</summary>
internal static class Limit
{
    public const string Form = "form";
    public const string Es256 = "es256_signature";
    public const string Rs256 = "rs256_2048_signature";
    public const string SingleCommit = "durable_commit_single";
    public const string BatchedCommit = "durable_commit_of_64_per_row";
    public const string Argon2id = "argon2id_hash";
}
