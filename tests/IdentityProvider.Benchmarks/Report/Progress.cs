namespace IdentityProvider.Benchmarks.Report;

/// <summary>What the run is at, for whoever waits; results go to standard output alone.</summary>
internal static class Progress
{
    public static void Say(string text) => Console.Error.WriteLine(text);
}
