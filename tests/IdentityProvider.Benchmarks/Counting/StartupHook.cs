using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;

#pragma warning disable CA1050 // The runtime looks for this name outside of any namespace.

/// <summary>
/// Runs inside the measured server before its own code (DOTNET_STARTUP_HOOKS), and counts what it does for requests: SQL commands and
/// allocated bytes. The product knows nothing of it. Only the runtime's own library may be used here.
/// </summary>
internal static class StartupHook
{
    /// <summary>The path of a Unix domain socket: whoever connects is told the counts so far as one JSON object.</summary>
    public const string SocketVariable = "BENCHMARK_COUNTERS";

    private const string CommandExecuting = "Microsoft.EntityFrameworkCore.Database.Command.CommandExecuting";
    private const string RequestActivity = "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    private static readonly string[] brackets = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"];
    private static readonly ConcurrentQueue<string> statements = new();
    private static readonly List<object> kept = [];
    private static long commands;
    private static long commandsElsewhere;
    private static long sessionReads;
    private static long sessionWrites;
    private static PropertyInfo? commandOfEvent;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(SocketVariable) is not { Length: > 0 } path)
        {
            return;
        }

        // With a listener every request has an activity, and what is done for it, on whichever thread, has it as its ancestor.
        var requests = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.PropagationData,
        };
        ActivitySource.AddActivityListener(requests);
        kept.Add(requests);
        kept.Add(DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(listener =>
        {
            if (listener.Name == "Microsoft.EntityFrameworkCore")
            {
                kept.Add(listener.Subscribe(
                    new Observer<KeyValuePair<string, object?>>(written => CountCommand(written.Value)), name => name == CommandExecuting));
            }
        })));
        kept.Add(ListenToMeter());
        new Thread(() => Answer(path)) { IsBackground = true }.Start();
    }

    // Commands that do not go through EF Core are counted by whoever sends them, in the context of the request that wants them.
    private static MeterListener ListenToMeter()
    {
        var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "IdentityProvider", Name: "identityprovider.sql.commands" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, count, tags, _) => CountMeasured(count, tags));
        meters.SetMeasurementEventCallback<int>((_, count, tags, _) => CountMeasured(count, tags));
        meters.Start();
        return meters;
    }

    private static void CountCommand(object? written)
    {
        commandOfEvent ??= written?.GetType().GetProperty("Command");
        if (commandOfEvent?.GetValue(written) is DbCommand { CommandText: { } text }
            && !brackets.Any(bracket => text.StartsWith(bracket, StringComparison.OrdinalIgnoreCase)))
        {
            Count(1, text, text.Contains("\"Sessions\"", StringComparison.Ordinal), !text.StartsWith("SELECT", StringComparison.OrdinalIgnoreCase));
        }
    }

    private static void CountMeasured(long count, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (table, writes) = ("", false);
        foreach (var (name, value) in tags)
        {
            table = name == "table" ? value?.ToString() ?? "" : table;
            writes |= name == "kind" && value?.ToString() == "write";
        }

        Count(count, $"(not by EF Core) {table}", table == "Sessions", writes);
    }

    private static void Count(long count, string text, bool ofSessions, bool writes)
    {
        if (!IsForRequest())
        {
            Interlocked.Add(ref commandsElsewhere, count);
            return;
        }

        statements.Enqueue(text);
        Interlocked.Add(ref commands, count);
        if (ofSessions)
        {
            Interlocked.Add(ref writes ? ref sessionWrites : ref sessionReads, count);
        }
    }

    private static bool IsForRequest()
    {
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
        {
            if (activity.OperationName == RequestActivity)
            {
                return true;
            }
        }

        return false;
    }

    private static void Answer(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        // What the answers themselves cost is nobody's.
        var answers = 0L;
        while (true)
        {
            var mine = GC.GetAllocatedBytesForCurrentThread();
            using var caller = listener.Accept();
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - answers - (GC.GetAllocatedBytesForCurrentThread() - mine);
            List<string> texts = [];
            while (statements.TryDequeue(out var text))
            {
                texts.Add(text);
            }

            caller.Send(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                ["Commands"] = Interlocked.Read(ref commands),
                ["CommandsElsewhere"] = Interlocked.Read(ref commandsElsewhere),
                ["SessionReads"] = Interlocked.Read(ref sessionReads),
                ["SessionWrites"] = Interlocked.Read(ref sessionWrites),
                ["AllocatedBytes"] = allocated,
                ["HeapBytes"] = GC.GetTotalMemory(forceFullCollection: false),
                ["Statements"] = texts,
            }));
            answers += GC.GetAllocatedBytesForCurrentThread() - mine;
        }
    }

    private sealed class Observer<T>(Action<T> onNext) : IObserver<T>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(T value) => onNext(value);
    }
}
