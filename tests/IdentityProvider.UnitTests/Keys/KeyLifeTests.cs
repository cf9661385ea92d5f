using IdentityProvider.Keys;

namespace IdentityProvider.UnitTests.Keys;

public sealed class KeyLifeTests
{
    private static readonly DateTime Noon = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);
    private static readonly KeyOptions Options = new();

    [Fact]
    public void A_key_is_published_then_active_then_retired_then_deleted()
    {
        var first = Key("ES256", 1, Noon, deleteAt: Noon.AddDays(120));
        var second = Key("ES256", 2, Noon.AddDays(90));

        Assert.Equal([(1, KeyState.Active), (2, KeyState.Published)], StatesAt(Noon.AddDays(89), first, second));
        Assert.Equal([(2, KeyState.Active), (1, KeyState.Retired)], StatesAt(Noon.AddDays(90), first, second));
        Assert.Equal([(2, KeyState.Active), (1, KeyState.Deleted)], StatesAt(Noon.AddDays(120), first, second));
    }

    [Fact]
    public void The_active_ES256_key_comes_first_then_the_active_RS256_key_then_the_rest()
    {
        var keys = new[]
        {
            Key("RS256", 1, Noon), Key("ES256", 1, Noon), Key("RS256", 2, Noon.AddDays(1)), Key("ES256", 2, Noon.AddDays(1)),
        };

        var ordered = KeyLife.Order(keys, Noon.AddHours(1)).Select(entry => (entry.Key.Algorithm, entry.Key.Generation));

        Assert.Equal([("ES256", 1), ("RS256", 1), ("ES256", 2), ("RS256", 2)], ordered);
    }

    [Fact]
    public void Keys_of_other_algorithms_follow_those_of_the_two_that_are_always_there()
    {
        var keys = new[] { Key("PS256", 1, Noon), Key("ES512", 1, Noon), Key("RS384", 1, Noon), Key("ES256", 1, Noon), Key("PS256", 2, Noon.AddDays(1)), Key("RS256", 1, Noon) };

        var ordered = KeyLife.Order(keys, Noon.AddHours(1)).Select(entry => (entry.Key.Algorithm, entry.State));

        Assert.Equal(
            [
                ("ES256", KeyState.Active), ("RS256", KeyState.Active), ("RS384", KeyState.Active), ("PS256", KeyState.Active), ("ES512", KeyState.Active),
                ("PS256", KeyState.Published),
            ],
            ordered);
    }

    [Fact]
    public void A_node_whose_clock_is_behind_signs_with_the_first_key()
    {
        var first = Key("ES256", 1, Noon);

        Assert.Same(first, KeyLife.Active([first, Key("ES256", 2, Noon.AddDays(90))], Noon.AddSeconds(-3)));
    }

    [Fact]
    public void A_successor_is_made_its_lead_before_it_takes_over()
    {
        var newest = Key("ES256", 1, Noon);

        Assert.Null(KeyLife.NextActivation(newest, Options, Noon.AddDays(89).AddSeconds(-1)));
        Assert.Equal(Noon.AddDays(90), KeyLife.NextActivation(newest, Options, Noon.AddDays(89)));
        Assert.Equal(Noon.AddDays(90), KeyLife.NextActivation(newest, Options, Noon.AddDays(89)));
    }

    [Fact]
    public void After_a_long_standstill_the_successor_is_still_published_before_it_signs()
    {
        var wakes = Noon.AddDays(400);

        Assert.Equal(wakes.AddHours(24), KeyLife.NextActivation(Key("ES256", 1, Noon), Options, wakes));
    }

    private static IEnumerable<(int, KeyState)> StatesAt(DateTime now, params SigningKey[] keys) =>
        KeyLife.Order(keys, now).Select(entry => (entry.Key.Generation, entry.State));

    private static SigningKey Key(string algorithm, int generation, DateTime activateAt, DateTime? deleteAt = null) => new()
    {
        Id = Guid.CreateVersion7(),
        Kid = $"{algorithm}-{generation}",
        Algorithm = algorithm,
        Generation = generation,
        CreatedAt = activateAt.AddDays(-1),
        ActivateAt = activateAt,
        DeleteAt = deleteAt,
    };
}
