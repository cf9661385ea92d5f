namespace IdentityProvider.Benchmarks;

/// <summary>The run cannot go on: a server ended, or answered wrongly. The message is for whoever started the run.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
