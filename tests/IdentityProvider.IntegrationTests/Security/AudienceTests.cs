using System.Text.Json;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>An access token is for no more APIs than its request asks for: RFC 8707 §2.2.</summary>
public class AudienceTests(SharedProviders providers)
{
    private const string Scope = "openid offline_access orders reports";

    [Theory, OnEachDatabase]
    public async Task A_resource_that_was_not_granted_is_refused(TestDatabase database)
    {
        var (shop, tokens) = await SignedInAsync(database, "openid offline_access orders");

        var refused = await RefreshAsync(shop, tokens.RefreshToken, ("resource", StandardDeclaration.ReportsResource));

        Assert.Equal("invalid_target", refused.Error);
        (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task A_refresh_for_one_resource_gets_a_token_for_that_one_and_the_next_may_be_for_the_other(TestDatabase database)
    {
        var (shop, tokens) = await SignedInAsync(database, Scope);

        var first = (await RefreshAsync(shop, tokens.RefreshToken, ("resource", StandardDeclaration.ApiResource))).OrFail();
        var second = (await RefreshAsync(shop, first.RefreshToken, ("resource", StandardDeclaration.ReportsResource))).OrFail();

        Assert.Equal([StandardDeclaration.ApiResource], AudiencesOf(first));
        Assert.Equal([StandardDeclaration.ReportsResource], AudiencesOf(second));
    }

    [Theory, OnEachDatabase]
    public async Task A_refresh_with_fewer_scopes_gets_a_token_for_their_resources_only(TestDatabase database)
    {
        var (shop, tokens) = await SignedInAsync(database, Scope);

        var orders = (await shop.RefreshAsync(tokens.RefreshToken, "openid orders")).OrFail();
        var nothing = (await shop.RefreshAsync(orders.RefreshToken, "openid")).OrFail();
        var all = (await shop.RefreshAsync(nothing.RefreshToken)).OrFail();

        Assert.Equal([StandardDeclaration.ApiResource], AudiencesOf(orders));
        Assert.Equal([shop.Node.Issuer], AudiencesOf(nothing));
        Assert.Equal(2, AudiencesOf(all).Count);
    }

    private async Task<(RelyingParty Shop, ProtocolResponse Tokens)> SignedInAsync(TestDatabase database, string scope)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        return (shop, await shop.SignInAsync(await provider.NewPersonAsync(), scope));
    }

    private static Task<ProtocolResponse> RefreshAsync(RelyingParty client, string refreshToken, (string Name, string Value) more) => client.TokenAsync(new()
    {
        ["grant_type"] = "refresh_token",
        ["refresh_token"] = refreshToken,
        [more.Name] = more.Value,
    });

    private static IReadOnlyList<string> AudiencesOf(ProtocolResponse tokens)
    {
        var audience = Jwt.PayloadOf(tokens.AccessToken).GetProperty("aud");
        return audience.ValueKind == JsonValueKind.Array ? [.. audience.EnumerateArray().Select(one => one.GetString()!)] : [audience.GetString()!];
    }
}
