namespace IdentityProvider.Sessions;

/// <summary>The authentication context classes this server knows (OpenID Connect Core §2, <c>acr</c>).</summary>
internal static class AcrValues
{
    /// <summary>One factor: a password, or whatever an upstream provider asked for.</summary>
    public const string SingleFactor = "urn:identityprovider:acr:1fa";

    /// <summary>From the weakest to the strongest: who has reached one has reached those before it.</summary>
    public static IReadOnlyList<string> All { get; } = [SingleFactor];

    public static string For(IReadOnlyList<string> methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        return SingleFactor;
    }

    /// <summary>What to tell a client of a session that reached <paramref name="reached"/>: the first wanted class it really reached, otherwise its own.</summary>
    /// <param name="wanted">The most wanted first (§3.1.2.1, <c>acr_values</c>).</param>
    public static string Choose(string reached, IReadOnlyList<string> wanted) => wanted.FirstOrDefault(acr => Reaches(reached, acr)) ?? reached;

    /// <summary>How a session stands to what is wanted of it.</summary>
    /// <param name="reached">What the session reached; null without a session.</param>
    public static AcrFit FitOf(string? reached, IReadOnlyList<string> wanted) =>
        wanted.Count == 0 || wanted.Any(acr => Reaches(reached, acr)) ? AcrFit.Reached
        : wanted.Any(All.Contains) ? AcrFit.Reachable
        : AcrFit.OutOfReach;

    private static bool Reaches(string? reached, string acr) => Rank(acr) is >= 0 and var rank && rank <= Rank(reached);

    private static int Rank(string? acr) => All.TakeWhile(known => known != acr).Count() is var rank && rank < All.Count ? rank : -1;
}

/// <summary>How a session stands to the authentication context classes that a request wants.</summary>
internal enum AcrFit
{
    /// <summary>It reached one of them, or none is wanted.</summary>
    Reached,

    /// <summary>Signing in here can reach one of them.</summary>
    Reachable,

    /// <summary>This server knows none of them.</summary>
    OutOfReach,
}
