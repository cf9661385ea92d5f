using IdentityProvider.Sessions;

namespace IdentityProvider.UnitTests.Sessions;

public sealed class SessionChainTests
{
    [Theory]
    [InlineData("c", "c b a")]
    [InlineData("b", "b a")]
    [InlineData("a", "a")]
    [InlineData("other", "other gone")]
    [InlineData("unknown", "unknown")]
    [InlineData("loop", "loop")]
    public void A_session_brings_those_it_continues(string sid, string chain)
    {
        var known = new[] { Of("a", null), Of("b", "a"), Of("c", "b"), Of("other", "gone"), Of("loop", "loop") }.ToDictionary(session => session.Id);

        Assert.Equal(chain, string.Join(' ', SessionChain.Of(sid, known)));
    }

    private static Session Of(string id, string? continues) => new() { Id = id, Continues = continues };
}
