using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Hosting;

/// <summary>Tells the log of a database that is away: once when requests begin to fail, and then once a minute how many did. The rest would be the same trace again and again.</summary>
internal sealed partial class Outages(TimeProvider clock, ILogger<Outages> logger)
{
    /// <summary>What clients and browsers are asked to wait.</summary>
    public const string RetryAfter = "5";

    private static readonly TimeSpan window = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private DateTimeOffset toldAt = DateTimeOffset.MinValue;
    private DateTimeOffset lastAt = DateTimeOffset.MinValue;
    private int untold;

    public void Tell(HttpContext http, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(http);
        int more;
        bool begins;
        lock (gate)
        {
            var now = clock.GetUtcNow();
            begins = now - lastAt >= window;
            lastAt = now;
            untold++;
            if (!begins && now - toldAt < window)
            {
                return;
            }

            (toldAt, more, untold) = (now, untold, 0);
        }

        if (begins)
        {
            Log.Begins(logger, exception, http.Request.Path);
        }
        else
        {
            Log.GoesOn(logger, more, exception.GetBaseException().Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error,
            Message = "The database does not answer; {Path} and what follows gets 503 until it does, told here once a minute.")]
        public static partial void Begins(ILogger logger, Exception exception, string path);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The database still does not answer; {Count} more requests got 503: {Reason}")]
        public static partial void GoesOn(ILogger logger, int count, string reason);
    }
}
