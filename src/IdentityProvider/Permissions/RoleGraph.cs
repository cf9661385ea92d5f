namespace IdentityProvider.Permissions;

/// <summary>Which roles inherit from which. Pure.</summary>
internal static class RoleGraph
{
    /// <summary>Finds roles that inherit from themselves among rows.</summary>
    public static IReadOnlyList<IReadOnlyList<Guid>> Circles(IEnumerable<RoleInheritance> rows) => Circles(
        rows.GroupBy(row => row.RoleId, row => row.InheritedId).ToDictionary(inherited => inherited.Key, IReadOnlyList<Guid> (inherited) => [.. inherited]));

    /// <summary>Finds roles that inherit from themselves by way of others.</summary>
    /// <param name="inherits">By role: what it inherits.</param>
    /// <returns>Circles, each from one role back to itself, which is named at both ends. Every role that is in a circle is in one of these.</returns>
    public static IReadOnlyList<IReadOnlyList<Guid>> Circles(IReadOnlyDictionary<Guid, IReadOnlyList<Guid>> inherits)
    {
        var circles = new List<IReadOnlyList<Guid>>();
        var told = new HashSet<Guid>();
        // From both sides: what leads into a circle is not in it. Between two circles roles may remain that are in none; usually nothing remains at all.
        var left = Reverse(WithoutEnds(Reverse(WithoutEnds(inherits))));
        foreach (var role in left.Keys)
        {
            if (!told.Contains(role) && PathBack(role, left) is { } circle)
            {
                told.UnionWith(circle);
                circles.Add(circle);
            }
        }

        return circles;
    }

    // Takes away what inherits nothing that is left, over and over: nothing of that is in a circle.
    private static Dictionary<Guid, IReadOnlyList<Guid>> WithoutEnds(IReadOnlyDictionary<Guid, IReadOnlyList<Guid>> inherits)
    {
        var open = inherits.ToDictionary(pair => pair.Key, pair => pair.Value.Count(inherits.ContainsKey));
        var heirs = inherits.SelectMany(pair => pair.Value.Select(inherited => (Heir: pair.Key, Inherited: inherited))).ToLookup(pair => pair.Inherited, pair => pair.Heir);
        var ends = new Stack<Guid>(open.Where(pair => pair.Value == 0).Select(pair => pair.Key));
        while (ends.TryPop(out var end))
        {
            open.Remove(end);
            foreach (var heir in heirs[end])
            {
                if (open.TryGetValue(heir, out var count))
                {
                    open[heir] = count - 1;
                    if (count == 1)
                    {
                        ends.Push(heir);
                    }
                }
            }
        }

        return open.Keys.ToDictionary(role => role, IReadOnlyList<Guid> (role) => [.. inherits[role].Where(open.ContainsKey)]);
    }

    private static Dictionary<Guid, IReadOnlyList<Guid>> Reverse(Dictionary<Guid, IReadOnlyList<Guid>> inherits) =>
        inherits.SelectMany(pair => pair.Value.Select(inherited => (Heir: pair.Key, Inherited: inherited)))
            .GroupBy(pair => pair.Inherited, pair => pair.Heir)
            .ToDictionary(heirs => heirs.Key, IReadOnlyList<Guid> (heirs) => [.. heirs]);

    // The shortest, so that a reader sees at once which line to change.
    private static List<Guid>? PathBack(Guid start, Dictionary<Guid, IReadOnlyList<Guid>> inherits)
    {
        var cameFrom = new Dictionary<Guid, Guid>();
        var waiting = new Queue<Guid>([start]);
        while (waiting.TryDequeue(out var role))
        {
            foreach (var next in inherits[role])
            {
                if (next == start)
                {
                    return Trace(start, role, cameFrom);
                }

                if (cameFrom.TryAdd(next, role))
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return null;
    }

    private static List<Guid> Trace(Guid start, Guid last, Dictionary<Guid, Guid> cameFrom)
    {
        var path = new List<Guid> { start };
        for (var role = last; role != start; role = cameFrom[role])
        {
            path.Add(role);
        }

        path.Add(start);
        path.Reverse();
        return path;
    }
}
