using System.Globalization;
using System.Text;

namespace IdentityProvider.Audit;

/// <summary>A record in words, for a terminal.</summary>
internal static class DecisionReport
{
    private const int Indent = 13;
    private const int Width = 100;

    /// <summary>One record, whole.</summary>
    public static string Of(DecisionRecord record)
    {
        var text = new StringBuilder();
        Line(text, "Reference", DecisionReference.Show(record.Reference));
        Line(text, "When", record.Count == 1
            ? Moment(record.FirstAt)
            : string.Create(CultureInfo.InvariantCulture, $"{record.Count} times, first {Moment(record.FirstAt)}, last {Moment(record.LastAt)}"));
        Line(text, "Endpoint", record.Endpoint);
        Line(text, "Client", record.ClientId ?? "(none named)");
        Line(text, "From", record.RemoteAddress ?? "(several addresses)");
        Line(text, "Refused", record.Error);
        Line(text, "", record.Description);
        Line(text, "Rule", record.Rule);
        Line(text, "Trace", record.TraceId);
        var heading = "Asked";
        foreach (var (name, value) in AskedParameters.Read(record.Asked))
        {
            Line(text, heading, $"{name}: {value}");
            heading = "";
        }

        if (Difference.FromJson(record.Difference) is { } difference)
        {
            Tell(text, difference);
        }

        Wrapped(text, "What to do", Advice.For(record.Rule, record.Error));
        return text.ToString();
    }

    /// <summary>Records in a table, one line each.</summary>
    public static string Of(IEnumerable<DecisionRecord> records)
    {
        var text = new StringBuilder($"{"REFERENCE",-10} {"LAST",-20} {"COUNT",7} {"CLIENT",-20} {"ENDPOINT",-21} {"ERROR",-22} RULE\n");
        foreach (var record in records)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{DecisionReference.Show(record.Reference),-10} {Moment(record.LastAt),-20} {record.Count,7} {record.ClientId ?? "-",-20} {record.Endpoint,-21} {record.Error,-22} {record.Rule}\n");
        }

        return text.ToString();
    }

    private static void Tell(StringBuilder text, Difference difference)
    {
        Line(text, "Differs", difference.What);
        Line(text, "", difference.Note);
        if (difference.Sent is { } sent)
        {
            Line(text, "", $"sent        {sent}");
        }

        if (difference is { Nearest: { } nearest, Column: { } column, Index: { } index })
        {
            Line(text, "", $"registered  {nearest}");
            Line(text, "", new string(' ', "registered  ".Length + column) + "^");
            Line(text, "", string.Create(CultureInfo.InvariantCulture, $"character {index + 1}: {At(difference.Sent, column)} was sent, {At(nearest, column)} is registered"));
        }

        foreach (var other in difference.Others ?? [])
        {
            Line(text, "", $"{(difference.Nearest is null ? "allowed     " : "registered  ")}{other}");
        }

        var told = (difference.Others?.Count ?? 0) + (difference.Nearest is null ? 0 : 1);
        if (difference.Candidates == 0)
        {
            Line(text, "", "nothing is registered");
        }
        else if (difference.Candidates > told)
        {
            Line(text, "", string.Create(CultureInfo.InvariantCulture, $"and {difference.Candidates - told} more"));
        }
    }

    private static string At(string? text, int column) => text is not null && column < text.Length ? $"'{text[column]}'" : "nothing";

    private static void Line(StringBuilder text, string heading, string? value)
    {
        if (value is not null)
        {
            text.Append(heading.PadRight(Indent)).Append(value).Append('\n');
        }
    }

    private static void Wrapped(StringBuilder text, string heading, string value)
    {
        var line = new StringBuilder();
        foreach (var word in value.Split(' '))
        {
            if (line.Length > 0 && line.Length + word.Length >= Width)
            {
                Line(text, heading, line.ToString());
                heading = "";
                line.Clear();
            }

            line.Append(line.Length == 0 ? "" : " ").Append(word);
        }

        Line(text, heading, line.ToString());
    }

    private static string Moment(DateTime moment) => moment.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
