using IdentityProvider.Sessions;

namespace IdentityProvider.UnitTests.Sessions;

/// <summary>OpenID Connect Core §3.1.2.1, <c>acr_values</c>, and §5.5.1.1.</summary>
public sealed class AcrValuesTests
{
    private const string OneFactor = AcrValues.SingleFactor;

    [Theory]
    [InlineData("", OneFactor)]
    [InlineData("1 2", OneFactor)]
    [InlineData("unknown " + OneFactor, OneFactor)]
    public void A_client_is_told_only_what_was_reached(string wanted, string told) => Assert.Equal(told, AcrValues.Choose(OneFactor, Split(wanted)));

    [Theory]
    [InlineData(OneFactor, "", nameof(AcrFit.Reached))]
    [InlineData(OneFactor, "unknown " + OneFactor, nameof(AcrFit.Reached))]
    [InlineData(OneFactor, "unknown", nameof(AcrFit.OutOfReach))]
    [InlineData(null, "", nameof(AcrFit.Reached))]
    [InlineData(null, OneFactor, nameof(AcrFit.Reachable))]
    [InlineData("from another version", OneFactor, nameof(AcrFit.Reachable))]
    [InlineData(null, "unknown", nameof(AcrFit.OutOfReach))]
    public void What_is_wanted_is_reached_reachable_or_out_of_reach(string? reached, string wanted, string fit) =>
        Assert.Equal(fit, AcrValues.FitOf(reached, Split(wanted)).ToString());

    private static string[] Split(string values) => values.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
