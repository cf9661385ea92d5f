using System.Globalization;
using System.Text;

namespace IdentityProvider.Logout;

/// <summary>Receipts in words, for a terminal.</summary>
internal static class LogoutReport
{
    /// <summary>Receipts in a table, one line each.</summary>
    public static string List(IEnumerable<IReadOnlyList<LogoutDelivery>> receipts)
    {
        var text = new StringBuilder($"{"REFERENCE",-32} {"ENDED",-20} {"WHY",-20} {"SIGNED OUT",-11} NOT (YET)\n");
        foreach (var receipt in receipts)
        {
            var (first, missing) = (receipt[0], Missing(receipt));
            text.Append(CultureInfo.InvariantCulture,
                $"{first.LogoutId,-32:N} {Moment(first.CreatedAt),-20} {first.Reason,-20} {Share(receipt),-11} {(missing.Length > 0 ? missing : "-")}\n");
        }

        return text.ToString();
    }

    /// <summary>One receipt, whole: who was told, and each attempt.</summary>
    public static string Tell(IReadOnlyList<LogoutDelivery> receipt)
    {
        var first = receipt[0];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Reference    {first.LogoutId:N}\n");
        text.Append(CultureInfo.InvariantCulture, $"Ended        {Moment(first.CreatedAt)}, {first.Reason}\n");
        text.Append(CultureInfo.InvariantCulture, $"Person       {first.Subject}\n");
        text.Append(CultureInfo.InvariantCulture, $"Signed out   {Share(receipt)} apps\n");
        foreach (var delivery in receipt)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{delivery.ClientId}: {Words(delivery)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  address    {delivery.Uri}\n");
            text.Append(CultureInfo.InvariantCulture, $"  sid        {delivery.SessionId}\n");
            text.Append(CultureInfo.InvariantCulture, $"  sub        {delivery.ClientSubject}\n");
            foreach (var attempt in delivery.ReadAttempts())
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"  {Moment(attempt.At)}  {attempt.Outcome}{(attempt.Status is { } status ? $" ({status})" : "")} after {attempt.Milliseconds} ms{(attempt.Note is null ? "" : ": " + attempt.Note)}\n");
            }
        }

        return text.ToString();
    }

    private static string Words(LogoutDelivery delivery) => delivery switch
    {
        { State: LogoutDeliveryState.Delivered } => "signed out",
        { State: LogoutDeliveryState.GivenUp } => "given up",
        { DueAt: { } due } => "has not answered yet, next attempt after " + Moment(due),
        _ => "has not answered yet",
    };

    private static string Share(IReadOnlyList<LogoutDelivery> receipt)
    {
        var apps = receipt.GroupBy(delivery => delivery.ClientId).ToList();
        var done = apps.Count(app => app.All(delivery => delivery.State == LogoutDeliveryState.Delivered));
        return string.Create(CultureInfo.InvariantCulture, $"{done} of {apps.Count}");
    }

    private static string Missing(IReadOnlyList<LogoutDelivery> receipt) => string.Join(", ",
        receipt.Where(delivery => delivery.State != LogoutDeliveryState.Delivered).Select(delivery => delivery.ClientId).Distinct());

    private static string Moment(DateTime moment) => moment.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
