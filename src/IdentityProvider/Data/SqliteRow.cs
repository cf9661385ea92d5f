using System.Buffers.Text;
using System.Collections;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using SQLitePCL;

namespace IdentityProvider.Data;

/// <summary>
/// The columns of the row that a prepared command stands on, read as the driver reads them, without what it learns about each column before.
/// It is what those who read rows are given on the other database; nothing but the values of columns by their place is here.
/// </summary>
internal sealed class SqliteRow(sqlite3_stmt prepared) : DbDataReader
{
    private const string Unsupported = "Only the values of columns, by their place, are read here.";

    // As EF Core and we write times: yyyy-MM-dd HH:mm:ss, and up to seven digits of a second after a point.
    private const int WholeSeconds = 19;
    private const int LongestTime = 27;

    public override int FieldCount => raw.sqlite3_column_count(prepared);

    public override bool IsDBNull(int ordinal) => raw.sqlite3_column_type(prepared, ordinal) == raw.SQLITE_NULL;

    public override string GetString(int ordinal) => GetStringOrNull(ordinal) ?? throw Missing();

    /// <summary>A text, or null, without asking for either first.</summary>
    public string? GetStringOrNull(int ordinal)
    {
        // Of a text it is its bytes as they are stored, which is UTF-8.
        var text = raw.sqlite3_column_blob(prepared, ordinal);
        return text.IsEmpty && IsDBNull(ordinal) ? null : Encoding.UTF8.GetString(text);
    }

    public override Guid GetGuid(int ordinal)
    {
        var text = raw.sqlite3_column_blob(prepared, ordinal);
        return Utf8Parser.TryParse(text, out Guid id, out var used, 'D') && used == text.Length ? id : Guid.Parse(Encoding.UTF8.GetString(text));
    }

    public override DateTime GetDateTime(int ordinal)
    {
        var text = raw.sqlite3_column_blob(prepared, ordinal);
        return TryReadTime(text, out var time) ? time : DateTime.Parse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
    }

    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));

    public override long GetInt64(int ordinal) => raw.sqlite3_column_int64(prepared, ordinal) switch
    {
        0 when IsDBNull(ordinal) => throw Missing(),
        var number => number,
    };

    public override object GetValue(int ordinal) => raw.sqlite3_column_type(prepared, ordinal) switch
    {
        raw.SQLITE_INTEGER => GetInt64(ordinal),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(prepared, ordinal),
        raw.SQLITE_TEXT => GetString(ordinal),
        raw.SQLITE_BLOB => raw.sqlite3_column_blob(prepared, ordinal).ToArray(),
        _ => DBNull.Value,
    };

    private static InvalidCastException Missing() => new("The column has no value.");

    private static bool TryReadTime(ReadOnlySpan<byte> text, out DateTime time)
    {
        time = default;
        if (text.Length is < WholeSeconds or > LongestTime
            || text[4] != '-' || text[7] != '-' || text[10] != ' ' || text[13] != ':' || text[16] != ':'
            || !TryReadNumber(text[..4], out var year) || !TryReadNumber(text[5..7], out var month) || !TryReadNumber(text[8..10], out var day)
            || !TryReadNumber(text[11..13], out var hour) || !TryReadNumber(text[14..16], out var minute) || !TryReadNumber(text[17..19], out var second))
        {
            return false;
        }

        var ticks = 0;
        if (text.Length > WholeSeconds)
        {
            if (text[WholeSeconds] != '.' || !TryReadNumber(text[(WholeSeconds + 1)..], out ticks))
            {
                return false;
            }

            for (var digits = text.Length - WholeSeconds - 1; digits < LongestTime - WholeSeconds - 1; digits++)
            {
                ticks *= 10;
            }
        }

        time = new DateTime(year, month, day, hour, minute, second).AddTicks(ticks);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return !digits.IsEmpty;
    }

    public override int Depth => throw new NotSupportedException(Unsupported);

    public override bool HasRows => throw new NotSupportedException(Unsupported);

    public override bool IsClosed => throw new NotSupportedException(Unsupported);

    public override int RecordsAffected => throw new NotSupportedException(Unsupported);

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => throw new NotSupportedException(Unsupported);

    public override byte GetByte(int ordinal) => throw new NotSupportedException(Unsupported);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException(Unsupported);

    public override char GetChar(int ordinal) => throw new NotSupportedException(Unsupported);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException(Unsupported);

    public override string GetDataTypeName(int ordinal) => throw new NotSupportedException(Unsupported);

    public override decimal GetDecimal(int ordinal) => throw new NotSupportedException(Unsupported);

    public override double GetDouble(int ordinal) => throw new NotSupportedException(Unsupported);

    public override IEnumerator GetEnumerator() => throw new NotSupportedException(Unsupported);

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    public override Type GetFieldType(int ordinal) => throw new NotSupportedException(Unsupported);

    public override float GetFloat(int ordinal) => throw new NotSupportedException(Unsupported);

    public override short GetInt16(int ordinal) => throw new NotSupportedException(Unsupported);

    public override string GetName(int ordinal) => throw new NotSupportedException(Unsupported);

    public override int GetOrdinal(string name) => throw new NotSupportedException(Unsupported);

    public override int GetValues(object[] values) => throw new NotSupportedException(Unsupported);

    public override bool NextResult() => throw new NotSupportedException(Unsupported);

    public override bool Read() => throw new NotSupportedException(Unsupported);
}
