using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>Makes the rows that tie one thing to others be exactly as they shall be.</summary>
internal static class LinkRows
{
    /// <param name="present">The rows that are there.</param>
    /// <param name="wanted">The keys of what the rows shall lead to.</param>
    /// <param name="keyOf">What a row leads to.</param>
    /// <returns>Whether anything was added or removed.</returns>
    public static bool Link<T>(
        this DbContext db, IReadOnlyCollection<T> present, IReadOnlyCollection<Guid> wanted, Func<T, Guid> keyOf, Func<Guid, T> make)
        where T : class
    {
        var keys = wanted.ToHashSet();
        var surplus = present.Where(row => !keys.Contains(keyOf(row))).ToList();
        keys.ExceptWith(present.Select(keyOf));
        db.RemoveRange(surplus);
        db.AddRange(keys.Select(make));
        return surplus.Count + keys.Count > 0;
    }

    /// <param name="present">The rows that are there, tracked.</param>
    /// <param name="wanted">By the keys of what the rows shall lead to: within which period.</param>
    /// <param name="keyOf">What a row leads to.</param>
    /// <returns>Whether anything was added, changed or removed.</returns>
    public static bool Link<T>(
        this DbContext db, IReadOnlyCollection<T> present, IReadOnlyDictionary<Guid, Period> wanted, Func<T, Guid> keyOf, Func<Guid, T> make)
        where T : class, ITimeLimited
    {
        var changed = db.Link(present, [.. wanted.Keys], keyOf, key => Within(make(key), wanted[key]));
        foreach (var row in present)
        {
            if (wanted.TryGetValue(keyOf(row), out var period) && period != new Period(row.NotBefore, row.ExpiresAt))
            {
                Within(row, period);
                changed = true;
            }
        }

        return changed;
    }

    private static T Within<T>(T row, Period period)
        where T : ITimeLimited
    {
        (row.NotBefore, row.ExpiresAt) = period;
        return row;
    }
}
