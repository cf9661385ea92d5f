using IdentityProvider.Benchmarks.Limits;

namespace IdentityProvider.Benchmarks.Report;

/// <summary>What each workload has to reach, and what it is aimed at: server CPU per operation on SQLite, as ratios within one run.</summary>
internal sealed record Goal(string Workload, double? MostOfReference, double Factor, string Formula, Func<IReadOnlyDictionary<string, double>, double>? Limit)
{
    /// <summary>The highest p99 that is good, in multiples of p50.</summary>
    public const double MostP99 = 8;

    public static readonly TimeSpan MostReady = TimeSpan.FromSeconds(2);
    public const double MostIdleMegabytes = 120;
    public const double MostLoadedMegabytes = 250;

    private static readonly Goal[] all =
    [
        new("discovery", 1, 2, "form", limits => limits[Limits.Limit.Form]),
        new("jwks", 1, 2, "form", limits => limits[Limits.Limit.Form]),
        new("client_credentials", 1.0 / 15, 4, "form + ES256", limits => limits[Limits.Limit.Form] + limits[Limits.Limit.Es256]),
        new("introspection", 1.0 / 12, 8, "form", limits => limits[Limits.Limit.Form]),
        new("userinfo", 1.0 / 2, 8, "form", limits => limits[Limits.Limit.Form]),
        new("code_flow", 1.0 / 8, 3, "3 form + RS256 + ES256 + 2 commits", limits => Answers(limits, 3, 2)),
        new("refresh", 1.0 / 10, 3, "form + RS256 + ES256 + commit", limits => Answers(limits, 1, 1)),
        new("login", null, 1.2, "Argon2id", limits => limits[Limits.Limit.Argon2id]),
    ];

    public static Goal? Of(string workload) => Array.Find(all, goal => goal.Workload == workload);

    private static double Answers(IReadOnlyDictionary<string, double> limits, int forms, int commits) =>
        (forms * limits[Limits.Limit.Form]) + limits[Limits.Limit.Rs256] + limits[Limits.Limit.Es256] + (commits * limits[Limits.Limit.BatchedCommit]);
}
