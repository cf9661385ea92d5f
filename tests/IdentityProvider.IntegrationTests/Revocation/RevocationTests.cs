using System.Net;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Revocation;

/// <summary>RFC 7009. Checklist rows IR4 and IR5.</summary>
public sealed class RevocationTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // IR4: one access token, and only that one
    public async Task An_access_token_can_be_revoked_by_itself(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid offline_access");
        var other = (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();

        Assert.Equal(HttpStatusCode.OK, (await shop.RevokeAsync(tokens.AccessToken, "access_token")).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.UserInfoAsync(tokens.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.UserInfoAsync(other.AccessToken)).Status);
    }

    [Theory, OnEachDatabase] // IR4
    public async Task Revoking_twice_or_nothing_is_no_error(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid offline_access");

        Assert.Equal(HttpStatusCode.OK, (await shop.RevokeAsync(tokens.RefreshToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.RevokeAsync(tokens.RefreshToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.RevokeAsync("nothing-we-know")).Status);
    }

    [Theory, OnEachDatabase] // IR4: RFC 7009 §2.2.1
    public async Task An_id_token_cannot_be_revoked(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid");

        var answer = await shop.RevokeAsync(tokens.IdToken);

        Assert.Equal((HttpStatusCode.BadRequest, "unsupported_token_type"), (answer.Status, answer.Error));
    }

    [Theory, OnEachDatabase] // IR5: RFC 7009 §2.1
    public async Task A_client_cannot_revoke_what_is_not_its_own(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid offline_access orders");

        await host.RelyingParty(Stall).RevokeAsync(tokens.RefreshToken);
        await host.RelyingParty(Stall).RevokeAsync(tokens.AccessToken);
        // The API it is for may read it, not end it.
        await host.RelyingParty(Api).RevokeAsync(tokens.AccessToken);

        Assert.Equal(HttpStatusCode.OK, (await shop.UserInfoAsync(tokens.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.RefreshAsync(tokens.RefreshToken)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_confidential_client_authenticates_to_revoke(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid offline_access");

        var answer = await shop.With("wrong").RevokeAsync(tokens.RefreshToken);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
        Assert.Equal(HttpStatusCode.OK, (await shop.RefreshAsync(tokens.RefreshToken)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_public_client_revokes_its_own(TestDatabase database)
    {
        var spa = (await providers.OnAsync(database)).RelyingParty(Spa);
        var tokens = await spa.SignInAsync(Alice, AlicePassword, "openid offline_access");

        Assert.Equal(HttpStatusCode.OK, (await spa.RevokeAsync(tokens.RefreshToken)).Status);

        Assert.Equal("invalid_grant", (await spa.RefreshAsync(tokens.RefreshToken)).Error);
    }
}
