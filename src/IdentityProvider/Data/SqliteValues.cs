using System.Globalization;
using System.Text;
using SQLitePCL;

namespace IdentityProvider.Data;

/// <summary>Gives values to a prepared command as the driver writes them, which every other reader and writer of the file expects.</summary>
internal static class SqliteValues
{
    private const int GuidLength = 36;
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    /// <summary>Gives the value to the parameter at this place.</summary>
    /// <returns>SQLite's result code.</returns>
    public static int Bind(sqlite3_stmt prepared, int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(prepared, place),
        string text => raw.sqlite3_bind_text(prepared, place, text),
        byte[] bytes => raw.sqlite3_bind_blob(prepared, place, bytes),
        Guid id => BindGuid(prepared, place, id),
        DateTime time => BindTime(prepared, place, time),
        bool flag => raw.sqlite3_bind_int64(prepared, place, flag ? 1 : 0),
        int number => raw.sqlite3_bind_int64(prepared, place, number),
        long number => raw.sqlite3_bind_int64(prepared, place, number),
        _ => throw new NotSupportedException($"No statement takes a value of {value.GetType()}."),
    };

    private static int BindGuid(sqlite3_stmt prepared, int place, Guid id)
    {
        Span<byte> text = stackalloc byte[GuidLength];
        _ = id.TryFormat(text, out _);
        _ = Ascii.ToUpperInPlace(text, out _);
        return raw.sqlite3_bind_text(prepared, place, text);
    }

    private static int BindTime(sqlite3_stmt prepared, int place, DateTime time)
    {
        Span<byte> text = stackalloc byte[TimeFormat.Length];
        _ = time.TryFormat(text, out var length, TimeFormat, CultureInfo.InvariantCulture);
        return raw.sqlite3_bind_text(prepared, place, text[..length]);
    }
}
