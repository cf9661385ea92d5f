using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Testing;

/// <summary>Keeps what a provider under test logs: to explain a failure, and to show what is never logged.</summary>
public sealed class TestLog : ILoggerProvider
{
    private const int Kept = 2000;
    private readonly ConcurrentQueue<Entry> entries = new();

    public IReadOnlyCollection<Entry> Entries => entries;

    public IEnumerable<Entry> Errors => entries.Where(entry => entry.Level >= LogLevel.Error);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    public sealed record Entry(LogLevel Level, string Category, string Text)
    {
        public override string ToString() => $"{Level} {Category}: {Text}";
    }

    private sealed class Logger(TestLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            log.entries.Enqueue(new Entry(logLevel, category, formatter(state, exception) + (exception is null ? "" : "\n" + exception)));
            while (log.entries.Count > Kept && log.entries.TryDequeue(out _))
            {
                // The oldest goes.
            }
        }
    }
}
