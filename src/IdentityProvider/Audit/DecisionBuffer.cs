using IdentityProvider.Protocol;

namespace IdentityProvider.Audit;

/// <summary>
/// Counts refusals in memory until they are written. Strangers make as many as they like: repeats are a number in one row, new ones are limited
/// for each address and altogether, and what is over a limit is counted by rule. Nothing is lost without a number, and memory is bounded in rows and in bytes.
/// </summary>
internal sealed class DecisionBuffer(TimeProvider clock)
{
    public const int NewPerMinuteAndAddress = 30;
    public const int NewPerMinute = 600;
    private const int MostRows = 4096;
    private const int MostCharacters = 4 * 1024 * 1024;
    private const int MostOverflowRules = 256;

    /// <summary>A repeat after this begins a row of its own.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<Refusal.Key, Counted> current = [];
    private readonly List<Counted> left = [];
    private readonly Dictionary<string, int> newByAddress = new(StringComparer.Ordinal);
    private DateTime minuteEnds;
    private int newInMinute;
    private int characters;
    private int overflowRules;
    private long overflow;

    /// <summary>Counts one refusal and returns the reference of its record.</summary>
    /// <param name="describe">What to keep of the request besides; called for the first of its kind only.</param>
    public string Count(Refusal refusal, Func<(string? Asked, string? TraceId)> describe)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            if (FindCurrent(refusal.Same, now) is { } known)
            {
                return known.Again(now);
            }

            if (HasRoom(refusal.RemoteAddress, now))
            {
                var (asked, traceId) = describe();
                return Begin(refusal, asked, traceId, now);
            }

            overflow++;
            return CountOverflow(refusal, now);
        }
    }

    /// <summary>What is to be written: new rows, and rows whose count has grown. What is being written goes on counting.</summary>
    public IReadOnlyList<DecisionChange> TakeChanges(bool newOnly)
    {
        lock (gate)
        {
            return [.. left.Concat(current.Values).Where(counted => newOnly ? !counted.IsStored : counted.IsChanged).Select(counted => new DecisionChange(counted, counted.Row.Count, counted.Row.LastAt))];
        }
    }

    /// <summary>Forgets what is written and can no longer be repeated.</summary>
    public void Written(IEnumerable<DecisionChange> changes)
    {
        lock (gate)
        {
            foreach (var change in changes)
            {
                change.Counted.WrittenCount = change.Count;
            }

            left.RemoveAll(Forget);
            var now = clock.GetUtcNow().UtcDateTime;
            foreach (var (key, counted) in current.Where(pair => pair.Value.WindowEnds <= now).ToList())
            {
                Leave(key, counted);
            }

            left.RemoveAll(Forget);
        }
    }

    /// <summary>How many refusals since the last call were counted by their rule only.</summary>
    public long TakeOverflow()
    {
        lock (gate)
        {
            var taken = overflow;
            overflow = 0;
            return taken;
        }
    }

    private Counted? FindCurrent(Refusal.Key key, DateTime now)
    {
        if (!current.TryGetValue(key, out var counted))
        {
            return null;
        }

        if (now < counted.WindowEnds)
        {
            return counted;
        }

        Leave(key, counted);
        return null;
    }

    private void Leave(Refusal.Key key, Counted counted)
    {
        current.Remove(key);
        left.Add(counted);
    }

    private bool Forget(Counted counted)
    {
        if (counted.IsChanged)
        {
            return false;
        }

        characters -= counted.Characters;
        overflowRules -= counted.IsOverflow ? 1 : 0;
        return true;
    }

    private bool HasRoom(string? address, DateTime now)
    {
        if (now >= minuteEnds)
        {
            minuteEnds = now + TimeSpan.FromMinutes(1);
            newInMinute = 0;
            newByAddress.Clear();
        }

        var network = CallerNetwork.Of(address);
        if (newInMinute >= NewPerMinute || current.Count + left.Count >= MostRows || characters >= MostCharacters
            || newByAddress.GetValueOrDefault(network) >= NewPerMinuteAndAddress)
        {
            return false;
        }

        newInMinute++;
        newByAddress[network] = newByAddress.GetValueOrDefault(network) + 1;
        return true;
    }

    private string Begin(Refusal refusal, string? asked, string? traceId, DateTime now, bool isOverflow = false)
    {
        var row = new DecisionRecord
        {
            Id = Guid.CreateVersion7(),
            Reference = DecisionReference.New(),
            FirstAt = now,
            LastAt = now,
            Count = 1,
            Endpoint = refusal.Endpoint,
            Rule = refusal.Rule,
            Error = refusal.Error,
            Description = refusal.Description,
            ClientId = refusal.ClientId,
            RemoteAddress = refusal.RemoteAddress,
            Asked = asked,
            Difference = refusal.Difference,
            TraceId = traceId,
        };
        var counted = new Counted(row, now + Window, isOverflow);
        characters += counted.Characters;
        current.Add(refusal.Same, counted);
        return row.Reference;
    }

    // One row for each rule, however many the strangers and whatever they send: there are only so many rules.
    private string CountOverflow(Refusal refusal, DateTime now)
    {
        var summary = new Refusal(refusal.Endpoint, refusal.Rule, refusal.Error, DecisionRecordTexts.Overflow, null, null, null);
        if (FindCurrent(summary.Same, now) is { } known)
        {
            return known.Again(now);
        }

        if (overflowRules >= MostOverflowRules)
        {
            summary = new Refusal("-", "-", "-", DecisionRecordTexts.Overflow, null, null, null);
            if (FindCurrent(summary.Same, now) is { } rest)
            {
                return rest.Again(now);
            }
        }

        overflowRules++;
        return Begin(summary, null, null, now, isOverflow: true);
    }

    internal sealed class Counted(DecisionRecord row, DateTime windowEnds, bool isOverflow)
    {
        public DecisionRecord Row { get; } = row;

        public DateTime WindowEnds { get; } = windowEnds;

        public bool IsOverflow { get; } = isOverflow;

        /// <summary>The count that the database has; 0 before the row is there.</summary>
        public int WrittenCount { get; set; }

        /// <summary>A write was tried whose outcome is not known.</summary>
        public bool WasTried { get; set; }

        public bool IsStored => WrittenCount > 0;

        public bool IsChanged => WrittenCount != Row.Count;

        public int Characters { get; } = 400 + (row.Asked?.Length ?? 0) + (2 * (row.Difference?.Length ?? 0)) + (row.Description?.Length ?? 0);

        public string Again(DateTime now)
        {
            Row.Count = Row.Count == int.MaxValue ? int.MaxValue : Row.Count + 1;
            Row.LastAt = now;
            return Row.Reference;
        }
    }
}

/// <summary>A row as it was when the writer took it.</summary>
internal sealed record DecisionChange(DecisionBuffer.Counted Counted, int Count, DateTime LastAt);

internal static class DecisionRecordTexts
{
    public const string Overflow = "More refusals by this rule than are recorded one by one.";
}
