using System.Collections.Immutable;
using System.Numerics;

namespace IdentityProvider.Permissions;

/// <summary>The roles and groups that somebody has at one moment, as they were assigned.</summary>
internal sealed record HeldAccess(IReadOnlyCollection<Guid> Roles, IReadOnlyCollection<Guid> Groups);

/// <summary>The names of the roles, inherited ones among them, and groups that somebody has at one moment.</summary>
internal sealed record HeldNames(IReadOnlyList<string> Roles, IReadOnlyList<string> Groups);

/// <summary>What somebody may do at one resource, and by what. Pure.</summary>
/// <param name="Roles">Names of the roles that grant something there, inherited ones among them.</param>
/// <param name="Groups">Names of the groups that brought such a role.</param>
/// <param name="Permissions">Names of the permissions, each once. All lists are in the order of their letters, so that the same access is the same text.</param>
internal sealed record EffectiveAccess(IReadOnlyList<string> Roles, IReadOnlyList<string> Groups, IReadOnlyList<string> Permissions)
{
    public static EffectiveAccess None { get; } = new([], [], []);

    /// <summary>What those roles and groups come to at a resource.</summary>
    public static EffectiveAccess At(string resource, AccessModel model, HeldAccess held)
    {
        if (model.FindGrants(resource) is not { } grants)
        {
            return None;
        }

        var (reached, waiting) = (new HashSet<GrantingRole>(), new Stack<GrantingRole>());
        foreach (var id in held.Roles)
        {
            Reach(id);
        }

        var groups = new HashSet<string>();
        foreach (var group in held.Groups.Select(model.FindGroup).OfType<GroupDefinition>())
        {
            foreach (var id in group.Roles)
            {
                if (Reach(id))
                {
                    groups.Add(group.Name);
                }
            }
        }

        var permissions = new PlaceSet(grants.Permissions.Length);
        while (waiting.TryPop(out var role))
        {
            foreach (var place in role.Own)
            {
                permissions.Add(place);
            }

            foreach (var inherited in role.Inherits)
            {
                Enter(inherited);
            }
        }

        return new EffectiveAccess(InOrder(reached.Select(role => role.Name)), InOrder(groups), permissions.Select(grants.Permissions));

        // Whether the role grants anything there.
        bool Reach(Guid id)
        {
            if (grants.FindRole(id) is not { } role)
            {
                return false;
            }

            Enter(role);
            return true;
        }

        // Each once, so that no circle is walked twice.
        void Enter(GrantingRole role)
        {
            if (reached.Add(role))
            {
                waiting.Push(role);
            }
        }
    }

    private static string[] InOrder(IEnumerable<string> names)
    {
        string[] sorted = [.. names];
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }

    /// <summary>Some of a list's items. They come out in the list's order, so that nothing is sorted however many there are.</summary>
    /// <param name="length">How many items the list has.</param>
    private readonly struct PlaceSet(int length)
    {
        private const int BitsInWord = 64;

        private readonly ulong[] words = new ulong[(length + BitsInWord - 1) / BitsInWord];

        public void Add(int place) => words[place / BitsInWord] |= 1UL << (place % BitsInWord);

        public string[] Select(ImmutableArray<string> list)
        {
            var count = 0;
            foreach (var word in words)
            {
                count += BitOperations.PopCount(word);
            }

            var (selected, next) = (new string[count], 0);
            for (var index = 0; index < words.Length; index++)
            {
                for (var left = words[index]; left != 0; left &= left - 1)
                {
                    selected[next++] = list[(index * BitsInWord) + BitOperations.TrailingZeroCount(left)];
                }
            }

            return selected;
        }
    }
}
