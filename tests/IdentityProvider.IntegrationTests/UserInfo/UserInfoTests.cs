using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using IdentityProvider.IntegrationTests.Accounts;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.UserInfo;

/// <summary>OpenID Connect Core §5.3. Checklist rows UI1 to UI18.</summary>
public sealed class UserInfoTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // UI1, UI11, UI16
    public async Task With_openid_alone_it_tells_the_subject_alone(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid");

        var answer = (await shop.UserInfoAsync(tokens.AccessToken)).OrFail();

        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.True(answer.Headers.ContainsKey("Date"));
        Assert.Equal(["sub"], answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Wire.ClaimsOf(tokens.IdToken).GetProperty("sub").GetString(), answer["sub"]);
    }

    // UI10: OpenID Connect Core §5.4
    [Theory]
    [OnEachDatabase("profile", "name family_name given_name middle_name nickname preferred_username profile picture website gender birthdate zoneinfo locale updated_at")]
    [OnEachDatabase("email", "email email_verified")]
    [OnEachDatabase("address", "address")]
    [OnEachDatabase("phone", "phone_number phone_number_verified")]
    public async Task A_scope_tells_its_claims_and_no_others(TestDatabase database, string scope, string claims)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid " + scope);

        var answer = (await shop.UserInfoAsync(tokens.AccessToken)).OrFail();

        Assert.Equal(
            claims.Split(' ').Append("sub").Order(StringComparer.Ordinal),
            answer.Json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        // ID12: OpenID Connect Core §5.4, with an access token they are not in the id_token
        Assert.All(claims.Split(' '), claim => Assert.False(Wire.ClaimsOf(tokens.IdToken).TryGetProperty(claim, out _), claim));
    }

    [Theory, OnEachDatabase] // UI10, ID14
    public async Task Claims_have_the_types_of_the_specification(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid profile email address phone");

        var claims = (await shop.UserInfoAsync(tokens.AccessToken)).OrFail().Json;

        Assert.Equal(JsonValueKind.True, claims.GetProperty("email_verified").ValueKind);
        Assert.Equal(JsonValueKind.True, claims.GetProperty("phone_number_verified").ValueKind);
        Assert.Equal(JsonValueKind.Number, claims.GetProperty("updated_at").ValueKind);
        Assert.Equal("Berlin", claims.GetProperty("address").GetProperty("locality").GetString());
        Assert.Equal("1990-04-01", claims.GetProperty("birthdate").GetString());
    }

    [Theory, OnEachDatabase] // UI12
    public async Task What_is_not_known_is_left_out(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Bob, BobPassword, "openid profile email address phone");

        var claims = (await shop.UserInfoAsync(tokens.AccessToken)).OrFail().Json;

        Assert.DoesNotContain(claims.EnumerateObject(), member => member.Value.ValueKind == JsonValueKind.Null || member.Value.ToString() == "");
        Assert.False(claims.TryGetProperty("address", out _));
        Assert.False(claims.TryGetProperty("birthdate", out _));
        Assert.Equal(JsonValueKind.False, claims.GetProperty("email_verified").ValueKind);
    }

    // UI2, UI3, UI5, UI17
    [Theory]
    [OnEachDatabase("POST", "Bearer", "header", null)]
    [OnEachDatabase("POST", null, "body", null)]
    [OnEachDatabase("GET", "bearer", "header", null)]
    [OnEachDatabase("GET", "BEARER", "header", "text/html")]
    [OnEachDatabase("GET", "Bearer", "header", "application/json;q=0.5, */*;q=0.1")]
    public async Task Every_allowed_way_to_present_a_token_works(TestDatabase database, string method, string? scheme, string place, string? accept)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid");
        var request = new HttpRequestMessage(new HttpMethod(method), "connect/userinfo");
        if (scheme is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {tokens.AccessToken}");
        }

        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        if (method == "POST")
        {
            request.Content = new FormUrlEncodedContent(place == "body" ? [new("access_token", tokens.AccessToken)] : []);
        }

        var answer = await shop.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("alice-subject", answer["sub"]);
    }

    [Theory, OnEachDatabase] // UI4: RFC 9700 §4.3.2
    public async Task A_token_in_the_query_is_refused(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid");

        var answer = await shop.SendAsync(new HttpRequestMessage(HttpMethod.Get, "connect/userinfo?access_token=" + tokens.AccessToken));

        Assert.Contains(answer.Status, new[] { HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized });
        Assert.Null(answer.Find("sub"));
    }

    [Theory, OnEachDatabase] // UI6: RFC 6750 §3
    public async Task Without_a_token_there_is_a_challenge_without_an_error(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var answer = await shop.SendAsync(new HttpRequestMessage(HttpMethod.Get, "connect/userinfo"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        var challenge = AuthenticationHeaderValue.Parse(answer.Headers["WWW-Authenticate"]);
        Assert.Equal("Bearer", challenge.Scheme);
        Assert.DoesNotContain("error", challenge.Parameter ?? "", StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase] // UI7, UI9
    public async Task What_is_no_access_token_of_ours_is_invalid(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid offline_access");
        var forged = tokens.AccessToken[..^4] + (tokens.AccessToken.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");

        foreach (var wrong in new[] { "garbage", forged, tokens.IdToken, tokens.RefreshToken })
        {
            var answer = await shop.UserInfoAsync(wrong);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Contains("error=\"invalid_token\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }
    }

    [Theory, OnEachDatabase] // UI7
    public async Task An_expired_token_is_invalid(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var shop = host.RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid");

        host.Clock.Advance(TimeSpan.FromMinutes(21));

        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.UserInfoAsync(tokens.AccessToken)).Status);
    }

    [Theory, OnEachDatabase] // UI15
    public async Task A_token_of_somebody_who_may_no_longer_sign_in_is_invalid(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        var shop = host.RelyingParty(Shop);
        var tokens = await shop.SignInAsync(person, "openid profile");

        Assert.True(await host.DisableAsync(person.Subject));
        var answer = await shop.UserInfoAsync(tokens.AccessToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("error=\"invalid_token\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase] // UI8
    public async Task A_token_without_openid_is_not_enough(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "orders");
        Assert.Null(tokens.Find("id_token"));

        var answer = await shop.UserInfoAsync(tokens.AccessToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("insufficient_scope", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task Any_of_our_tokens_with_openid_will_do_whatever_its_audience(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid orders");
        Assert.Equal(ApiResource, Wire.ClaimsOf(tokens.AccessToken).GetProperty("aud").GetString());

        Assert.Equal(HttpStatusCode.OK, (await shop.UserInfoAsync(tokens.AccessToken)).Status);
    }
}
