using System.Text.Json.Nodes;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.TokenExchange;

namespace IdentityProvider.UnitTests.TokenExchange;

/// <summary>RFC 8693 §4.1, §4.4.</summary>
public sealed class ExchangePolicyTests
{
    private static readonly ClientTokenExchange Both = new(Impersonation: true, Delegation: true, []);
    private static readonly ExchangeFacts Delegation = new("api", Both, IsPresenter: true, Actor: "api", ActorTokenIsOwn: true);

    [Theory]
    [InlineData("""{"sub":"api"}""", true)]
    [InlineData("""{"sub":"api","client_id":"api"}""", true)]
    [InlineData("""{"sub":"api","client_id":"other"}""", false)]
    [InlineData("""{"sub":"other"}""", false)]
    [InlineData("""{"sub":7}""", false)]
    [InlineData("{}", false)]
    public void Only_whom_may_act_names_acts(string mayAct, bool allowed)
    {
        var named = JsonNode.Parse(mayAct)!.AsObject();

        Assert.Equal(allowed, ExchangePolicy.Decide(Delegation with { MayAct = named }) is null);
        Assert.Equal(allowed, ExchangePolicy.Decide(new ExchangeFacts("api", Both, IsPresenter: true, MayAct: named)) is null);
    }

    [Fact]
    public void A_chain_of_actors_ends_somewhere()
    {
        var act = Enumerable.Range(0, 7).Aggregate((JsonObject?)null, (chain, index) => ActorClaim.Chain($"api-{index}", chain));

        Assert.Null(ExchangePolicy.Decide(Delegation with { EarlierActors = act }));
        Assert.Equal("invalid_request", ExchangePolicy.Decide(Delegation with { EarlierActors = ActorClaim.Chain("api-7", act) })?.Error);
    }

    [Fact]
    public void Without_a_registration_there_is_delegation_of_ones_own_tokens_only()
    {
        var policy = ClientTokenExchange.From(null);

        Assert.Null(ExchangePolicy.Decide(Delegation with { Policy = policy }));
        Assert.Equal("unauthorized_client", ExchangePolicy.Decide(new ExchangeFacts("api", policy, IsPresenter: true))?.Error);
        Assert.Equal("invalid_request", ExchangePolicy.Decide(Delegation with { Policy = policy, IsPresenter = false, SubjectTokenClient = "front" })?.Error);
        Assert.Null(ExchangePolicy.Decide(Delegation with { Policy = Both with { SubjectTokenClients = ["front"] }, IsPresenter = false, SubjectTokenClient = "front" }));
    }
}
