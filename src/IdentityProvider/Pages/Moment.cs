using System.Globalization;

namespace IdentityProvider.Pages;

/// <summary>A time as the pages say it: how long ago, and exactly. The person's time zone is not known here, so UTC is said.</summary>
internal sealed record Moment(DateTime At, DateTime Now)
{
    /// <summary>For <c>datetime</c> attributes.</summary>
    public string Machine => At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public string Exact => At.ToString("d MMMM yyyy 'at' HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public string Day => At.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public string Ago => (Now - At) switch
    {
        // Clocks of two nodes may be apart: what is about to happen has just happened.
        { TotalMinutes: < 1 } => "just now",
        { TotalHours: < 1 } ago => Count((int)ago.TotalMinutes, "minute"),
        { TotalDays: < 1 } ago => Count((int)ago.TotalHours, "hour"),
        var ago => Count((int)ago.TotalDays, "day"),
    };

    private static string Count(int number, string unit) => $"{number} {unit}{(number == 1 ? "" : "s")} ago";
}
